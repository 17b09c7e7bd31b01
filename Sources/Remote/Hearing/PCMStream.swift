import Flow
import Glibc
import Sound

/// Why a file or pipe gives no audio.
package enum PCMStreamError: Error, Hashable, Sendable {
    /// The system's number.
    case cannotOpen(path: String, Int32)
    case cannotRead(Int32)
    /// It begins like a WAV file and is none that can be read.
    case badWAV
    /// It is no WAV file, and nobody said what else.
    case notWAV
    /// There is nothing in it.
    case empty
}

/// How samples without a header are to be read: signed 16-bit, little-endian, interleaved.
package struct RawFormat: Hashable, Sendable {
    package var sampleRate: Int
    package var channelCount: Int

    package init(sampleRate: Int, channelCount: Int) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }
}

/// A WAV file, or a pipe of samples, read as it is wanted.
package actor PCMStream: AudioInput {
    /// Stands before the samples of any file made by a known program.
    private static let headLimit = 64 << 10
    private static let pieceDuration = Duration.milliseconds(60)

    package nonisolated let sampleRate: Int
    package nonisolated let supply: AudioSupply
    private let format: AudioFormat
    private let file: PCMFile
    /// Bytes of samples that were read with the head.
    private var waiting: [UInt8]
    /// Bytes of samples that are still to come; nil for as many as there are.
    private var left: Int?

    private let thread = DedicatedThread(label: "audio.file")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - path: A file; nil for standard input.
    ///   - raw: How to read what has no header; nil if it must have one.
    package init(_ path: String?, raw: RawFormat?) throws(PCMStreamError) {
        let file = try PCMFile(path)
        let (head, start) = try Self.head(of: file, raw)
        self.file = file
        supply = file.isStored ? .recording : .pipe
        format = head.format
        sampleRate = head.format.sampleRate
        waiting = Array(start.dropFirst(head.dataStart))
        left = head.byteCount
    }

    package func next() async throws -> AudioPiece? {
        let width = 2 * format.channelCount
        var wanted = format.sampleCount(in: Self.pieceDuration) * width
        if let left { wanted = min(wanted, left) }
        while waiting.count < wanted, !Task.isCancelled {
            let piece = try file.read(wanted - waiting.count)
            if piece.isEmpty { break }
            waiting += piece
        }
        let count = min(wanted, waiting.count) / width * width
        guard !Task.isCancelled else { return nil }
        guard count > 0 else { return takeShortage(width) }
        defer { waiting.removeFirst(count) }
        if let left { self.left = left - count }
        let samples = PCM16.samples(of: waiting[..<count]) ?? []
        return .samples(Mixdown.mono(of: samples, channelCount: format.channelCount))
    }

    /// What a file lacks of what its header promises, told once; out of a pipe a header may promise anything.
    private func takeShortage(_ width: Int) -> AudioPiece? {
        guard supply == .recording, let lacking = left, lacking >= width else { return nil }
        left = 0
        return .short(by: format.duration(of: lacking / width))
    }

    private static func head(of file: PCMFile, _ raw: RawFormat?) throws(PCMStreamError) -> (WAVHead, [UInt8]) {
        var start = try file.readFully(12)
        guard !start.isEmpty else { throw .empty }
        guard start.starts(with: Array("RIFF".utf8)) else {
            guard let raw else { throw .notWAV }
            let format = AudioFormat(sampleRate: raw.sampleRate, channelCount: raw.channelCount)
            return (WAVHead(format: format, dataStart: 0, byteCount: nil), start)
        }
        while true {
            do throws(WAVError) {
                return (try WAV.head(of: start), start)
            } catch {
                guard error == .truncated || error == .missingData, start.count < headLimit else { throw .badWAV }
            }
            let more = try file.read(4_096)
            guard !more.isEmpty else { throw .badWAV }
            start += more
        }
    }
}

/// An open file or pipe.
private final class PCMFile: Sendable {
    private let descriptor: Int32

    init(_ path: String?) throws(PCMStreamError) {
        guard let path else {
            descriptor = STDIN_FILENO
            return
        }
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, errno) }
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// Whether its bytes lie on a disk, so that they wait.
    var isStored: Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// - Returns: At least one byte, and none at the end.
    func read(_ count: Int) throws(PCMStreamError) -> [UInt8] {
        while true {
            var status = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                status = unsafe Glibc.read(descriptor, buffer.baseAddress, count)
                filled = max(0, status)
            }
            if status >= 0 { return bytes }
            guard errno == EINTR else { throw .cannotRead(errno) }
        }
    }

    /// - Returns: Fewer bytes only at the end.
    func readFully(_ count: Int) throws(PCMStreamError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = try read(count - bytes.count)
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }
}
