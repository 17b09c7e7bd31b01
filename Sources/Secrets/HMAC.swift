/// Message authentication with a shared key (RFC 2104).
package enum HMAC {
    /// The block of SHA-256, in bytes.
    private static let blockByteCount = 64

    /// - Returns: 32 bytes.
    package static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        let short = key.count > blockByteCount ? SHA256.digest(key) : key
        let padded = short + [UInt8](repeating: 0, count: blockByteCount - short.count)
        let inner = SHA256.digest(padded.map { $0 ^ 0x36 } + message)
        return SHA256.digest(padded.map { $0 ^ 0x5C } + inner)
    }
}
