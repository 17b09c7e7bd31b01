private import Glibc
private import Sound

/// A short WAV file, as a voice to imitate.
struct Recording: Sendable {
    /// Mono, -1 to 1.
    let samples: [Float]
    let sampleRate: Int

    /// A model listens to the first ten seconds; this is a minute at 48 kHz.
    private static let byteLimit = 48_000 * 2 * 60

    /// - Returns: Nil where the file is no sound that can be read.
    init?(path: String) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let count = min(Int(lseek(file, 0, SEEK_END)), Self.byteLimit)
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
            filled = max(0, unsafe pread(file, buffer.baseAddress, max(0, count), 0))
        }
        // Nil is the whole answer: which way a file is broken helps nobody here.
        guard let chunk = try? WAV.decode(bytes) else { return nil }
        let step = chunk.format.channelCount
        samples = stride(from: 0, to: chunk.samples.count, by: step).map { Float(chunk.samples[$0]) / 32_768 }
        sampleRate = chunk.format.sampleRate
        if samples.isEmpty { return nil }
    }
}
