private import Glibc

/// Files with certificates and keys.
enum PEMFile {
    /// A chain with RSA keys has 10 KiB; a whole bundle of authorities 250 KiB.
    private static let byteLimit = 1 << 20

    static func read(_ path: String) throws(CertificateError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(path: path, code: errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < byteLimit {
            let count = unsafe Glibc.read(file, &piece, piece.count)
            guard count >= 0 else { throw .unreadable(path: path, code: errno) }
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
        }
        throw .unreadable(path: path, code: EFBIG)
    }
}
