private import COpenSSL

/// The settings of TLS that many sessions share, freed with the last of them.
@safe struct TLSContextHandle: ~Copyable {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    /// TLS 1.2 and 1.3 with forward secrecy, nothing that later proved to be a mistake, and little memory.
    static func make(_ method: OpaquePointer?) throws(CertificateError) -> TLSContextHandle {
        guard let pointer = unsafe SSL_CTX_new(method) else { throw .outOfMemory }
        let handle = unsafe TLSContextHandle(owning: pointer)
        unsafe hearsay_set_modes(pointer)
        guard unsafe hearsay_set_least_version(pointer) == 1, unsafe hearsay_set_groups(pointer) == 1,
            unsafe SSL_CTX_set_cipher_list(pointer, ciphers) == 1
        else { throw OpenSSLErrors.certificateError() }
        unsafe SSL_CTX_set_options(pointer, hearsay_tls_options())
        // Tickets do without: a session that is kept costs memory on behalf of somebody who has left.
        unsafe hearsay_forget_sessions(pointer)
        return handle
    }

    deinit { unsafe SSL_CTX_free(pointer) }

    /// For TLS 1.2, the suites that RFC 9325, section 4.2 recommends, and ChaCha20 for machines without AES.
    private static let ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20"
}
