private import Glibc
private import Secrets

/// What tells files apart by their content.
enum FileDigest {
    private static let pieceByteCount = 1 << 18

    /// The first 4 KiB; empty where the file cannot be read.
    static func head(of path: String) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe read(file, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    /// In hexadecimal digits; nil where the file cannot be read.
    static func sha256(ofFileAt path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var hash = RunningSHA256()
        var buffer = [UInt8](repeating: 0, count: pieceByteCount)
        while true {
            let count = unsafe read(file, &buffer, buffer.count)
            if count == 0 { return hex(hash.finish()) }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            hash.update(buffer[..<count])
        }
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
