import Flow
private import Glibc
import VoiceCore

/// A recording's file that is read piece by piece, on a thread of its own.
actor RecordingFile: RecordingStream {
    private static let pieceByteCount = 64 << 10

    nonisolated let byteCount: Int
    private let descriptor: Int32
    private let thread = DedicatedThread(label: "recording")

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// - Returns: Nil for a file that cannot be read.
    init?(_ path: String) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        byteCount = Int(max(0, lseek(descriptor, 0, SEEK_END)))
        _ = lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }

    func next() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.pieceByteCount)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : nil
    }
}
