internal import Glibc
internal import Sound

/// Reads what a program has written: signed 16-bit samples of one channel.
final class ConvertedRecording: RecordingReader {
    /// Bytes read at a time: two seconds at 16 kHz.
    private static let pieceLength = 65_536

    private let file: Int32
    private let format: AudioFormat

    /// - Parameter file: Open for reading; closed with this.
    init(_ file: Int32, sampleRate: Int) {
        self.file = file
        format = AudioFormat(sampleRate: sampleRate)
    }

    deinit { close(file) }

    func next() throws(RecordingError) -> AudioChunk? {
        var bytes = [UInt8](repeating: 0, count: Self.pieceLength)
        var count = 0
        while count < bytes.count {
            let more = unsafe bytes.withUnsafeMutableBytes { room in
                unsafe read(file, room.baseAddress?.advanced(by: count), room.count - count)
            }
            if more == 0 { break }
            if more > 0 { count += more } else if errno != EINTR { break }
        }
        guard let samples = PCM16.samples(of: bytes[..<(count - count % 2)]), !samples.isEmpty else { return nil }
        return AudioChunk(format: format, samples: samples)
    }
}
