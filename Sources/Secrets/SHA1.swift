private import COpenSSL

/// SHA-1, which only the WebSocket handshake still needs; it protects nothing there.
package enum SHA1 {
    /// The 20 bytes of the digest.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 20)
        var count: UInt32 = 0
        let status = unsafe EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha1(), nil)
        precondition(status == 1 && count == 20, "OpenSSL gives no SHA-1")
        return digest
    }
}
