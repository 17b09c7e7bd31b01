private import COpenSSL

/// How a client meets servers: whom it believes, and its way of TLS.
///
/// `@unchecked Sendable`: the context is not changed after `init`, and OpenSSL counts its sessions itself.
@safe package final class TLSClientContext: @unchecked Sendable {
    let trust: ServerTrust
    private let handle: TLSContextHandle

    /// - Throws: When the file of the authorities cannot be used.
    package init(trust: ServerTrust) throws(CertificateError) {
        self.trust = trust
        handle = try unsafe TLSContextHandle.make(TLS_client_method())
        guard trust.pins.isEmpty else { return }
        guard let path = trust.authorityPath else {
            unsafe SSL_CTX_set_default_verify_paths(handle.pointer)
            return
        }
        _ = try PEMFile.read(path)
        guard unsafe SSL_CTX_load_verify_file(handle.pointer, path) == 1 else {
            ERR_clear_error()
            throw .noCertificate
        }
        // Whoever names a file believes what is in it, be it an authority or a server's own certificate.
        unsafe hearsay_believe_any_listed(handle.pointer)
    }

    /// Calls `body` with OpenSSL's context.
    func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result { unsafe body(handle.pointer) }
}
