private import COpenSSL

/// The hash function SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// - Returns: 32 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let status = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        precondition(status == 1, "SHA-256 needs no memory that could run out")
        return digest
    }
}
