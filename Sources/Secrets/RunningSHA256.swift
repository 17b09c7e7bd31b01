private import COpenSSL

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
@safe package struct RunningSHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("SHA-256 needs no memory that could run out")
        }
        unsafe self.context = unsafe context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Goes on with the next bytes.
    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        let status = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(status == 1, "SHA-256 takes any bytes")
    }

    /// - Returns: 32 bytes.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let status = unsafe EVP_DigestFinal_ex(context, &digest, nil)
        precondition(status == 1, "a hash that was begun can be finished")
        return digest
    }
}
