private import COpenSSL

/// What a server shows at every handshake: its certificate, those that vouch for it, and its way of TLS.
///
/// `@unchecked Sendable`: the context is not changed after `init`, and OpenSSL counts its sessions itself.
@safe package final class TLSServerContext: @unchecked Sendable {
    /// The server's own.
    package let certificate: Certificate
    private let handle: TLSContextHandle

    /// - Parameters:
    ///   - certificates: PEM, the server's own first, then those that vouch for it.
    ///   - key: PEM, not encrypted.
    ///   - now: Seconds since 1970.
    package init(certificates: [UInt8], key: [UInt8], now: Int) throws(CertificateError) {
        handle = try unsafe TLSContextHandle.make(TLS_server_method())
        let key = try PrivateKey.read(pem: key)
        guard let file = MemoryFile(certificates) else { throw .outOfMemory }
        let own = try Self.next(in: file)
        guard let own else { throw .noCertificate }
        certificate = own.certificate
        guard now <= certificate.validUntil else { throw .expired(at: certificate.validUntil) }
        guard now >= certificate.validFrom else { throw .notValidBefore(certificate.validFrom) }
        guard unsafe X509_check_private_key(own.pointer, key.pointer) == 1 else {
            ERR_clear_error()
            throw .keyDoesNotMatch
        }
        guard unsafe SSL_CTX_use_certificate(handle.pointer, own.pointer) == 1,
            unsafe SSL_CTX_use_PrivateKey(handle.pointer, key.pointer) == 1
        else { throw OpenSSLErrors.certificateError() }
        while let issuer = try Self.next(in: file) {
            guard unsafe hearsay_add_chain_certificate(handle.pointer, issuer.pointer) == 1
            else { throw OpenSSLErrors.certificateError() }
        }
        unsafe hearsay_prefer_http1(handle.pointer)
    }

    /// Calls `body` with OpenSSL's context.
    func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result { unsafe body(handle.pointer) }

    /// The next certificate of a PEM file; nil at its end.
    private static func next(in file: borrowing MemoryFile) throws(CertificateError) -> X509Handle? {
        guard let pointer = unsafe PEM_read_bio_X509(file.pointer, nil, nil, nil) else {
            let error = OpenSSLErrors.takeLast()
            guard error == nil || error?.code == PEM_R_NO_START_LINE else {
                throw .refused(reason: error?.words ?? "")
            }
            return nil
        }
        return unsafe X509Handle(owning: pointer)
    }
}

extension TLSServerContext {
    /// Reads the two files.
    ///
    /// - Parameter now: Seconds since 1970.
    package static func load(
        certificatePath: String, keyPath: String, now: Int
    ) throws(CertificateError) -> TLSServerContext {
        try TLSServerContext(
            certificates: PEMFile.read(certificatePath), key: PEMFile.read(keyPath), now: now)
    }
}
