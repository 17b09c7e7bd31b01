private import COpenSSL

/// What became of a step of a TLS session.
package enum TLSOutcome: Hashable, Sendable {
    /// So many bytes; 0 for a handshake that is done.
    case done(Int)
    /// To be tried again when the socket is readable.
    case wantsReading
    /// To be tried again when the socket is writable.
    case wantsWriting
    /// The other end said that it sends no more.
    case ended
    case failed(TLSError)
}

/// One TLS connection over a non-blocking socket, which stays its owner's and must live longer.
@safe package struct TLSSession: ~Copyable {
    private let pointer: OpaquePointer
    /// Nil for a server, which asks for no certificates.
    private let trust: ServerTrust?
    /// After these OpenSSL allows nothing more, a farewell included.
    private var hasFailed = false

    /// The server's side; nil only without memory.
    package init?(_ context: TLSServerContext, socket: Int32) {
        guard let pointer = unsafe context.withPointer({ unsafe Self.open($0, socket) }) else { return nil }
        unsafe self.pointer = unsafe pointer
        trust = nil
        unsafe SSL_set_accept_state(pointer)
    }

    /// The client's side; nil only without memory.
    ///
    /// - Parameter host: A name, which is also told to the server, or a literal IP address.
    package init?(_ context: TLSClientContext, socket: Int32, host: String) {
        guard let pointer = unsafe context.withPointer({ unsafe Self.open($0, socket, host) }) else { return nil }
        unsafe self.pointer = unsafe pointer
        trust = context.trust
        unsafe SSL_set_connect_state(pointer)
    }

    deinit { unsafe SSL_free(pointer) }

    /// Goes on with the handshake.
    ///
    /// - Parameter now: Seconds since 1970, for the client's judgement of the certificate.
    package mutating func handshake(now: Int) -> TLSOutcome {
        hearsay_clear_errors()
        let status = unsafe SSL_do_handshake(pointer)
        guard status == 1 else { return outcome(status) }
        guard let refusal = refusal(now: now) else { return .done(0) }
        hasFailed = true
        return .failed(.certificate(refusal))
    }

    /// Reads into `buffer` from `start` on, at most one record.
    package mutating func read(into buffer: inout [UInt8], from start: Int) -> TLSOutcome {
        hearsay_clear_errors()
        let status = unsafe buffer.withUnsafeMutableBytes { raw in
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: raw[start...])
            return unsafe SSL_read(pointer, rest.baseAddress, Int32(clamping: rest.count))
        }
        return outcome(status)
    }

    /// Writes at most one record.
    ///
    /// After `wantsWriting` or `wantsReading` OpenSSL has taken the bytes: it must be called with as many until it
    /// is done, whatever they are then.
    package mutating func write(_ bytes: Span<UInt8>) -> TLSOutcome {
        hearsay_clear_errors()
        let status = unsafe bytes.withUnsafeBytes { raw in
            unsafe SSL_write(pointer, raw.baseAddress, Int32(clamping: raw.count))
        }
        return outcome(status)
    }

    /// Tells the other end that no more will come, if the socket takes it now.
    package mutating func endWriting() {
        guard !hasFailed else { return }
        hearsay_clear_errors()
        _ = unsafe SSL_shutdown(pointer)
        ERR_clear_error()
    }

    /// Whether bytes were received that `read` has not given out.
    package var holdsInput: Bool { unsafe SSL_has_pending(pointer) == 1 }

    /// `TLSv1.2` or `TLSv1.3`.
    package var version: String { unsafe String(cString: SSL_get_version(pointer)) }
}

extension TLSSession {
    /// The kind of all sockets.
    private static let method = unsafe SocketMethod(pointer: hearsay_socket_method())

    /// `@unchecked Sendable`: OpenSSL only reads it.
    @safe private struct SocketMethod: @unchecked Sendable {
        let pointer: OpaquePointer?
    }

    private static func open(_ context: OpaquePointer, _ socket: Int32) -> OpaquePointer? {
        guard let kind = unsafe method.pointer, let pointer = unsafe SSL_new(context) else { return nil }
        guard unsafe hearsay_attach_socket(pointer, kind, socket) == 1 else {
            unsafe SSL_free(pointer)
            return nil
        }
        return unsafe pointer
    }

    /// A session that asks for the certificate of `host`.
    private static func open(_ context: OpaquePointer, _ socket: Int32, _ host: String) -> OpaquePointer? {
        guard let pointer = unsafe open(context, socket) else { return nil }
        let rules = unsafe SSL_get0_param(pointer)
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1 { return unsafe pointer }
        ERR_clear_error()
        unsafe X509_VERIFY_PARAM_set_hostflags(rules, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard unsafe SSL_set1_host(pointer, host) == 1, unsafe hearsay_set_server_name(pointer, host) == 1 else {
            unsafe SSL_free(pointer)
            return nil
        }
        return unsafe pointer
    }

    private mutating func outcome(_ status: Int32) -> TLSOutcome {
        if status > 0 { return .done(Int(status)) }
        switch unsafe SSL_get_error(pointer, status) {
        case SSL_ERROR_WANT_READ: return .wantsReading
        case SSL_ERROR_WANT_WRITE: return .wantsWriting
        case SSL_ERROR_ZERO_RETURN: return .ended
        case SSL_ERROR_SSL:
            hasFailed = true
            return .failed(Self.error())
        default:
            hasFailed = true
            ERR_clear_error()
            return .failed(.cutOff)
        }
    }

    private static func error() -> TLSError {
        guard let (code, words) = OpenSSLErrors.takeLast() else { return .cutOff }
        return switch code {
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG:
            .notTLS
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: .cutOff
        default: .failed(reason: words)
        }
    }

    private func refusal(now: Int) -> CertificateRefusal? {
        guard let trust else { return nil }
        guard let shown = unsafe SSL_get1_peer_certificate(pointer) else {
            return CertificateRefusal(reason: .other("there is none"), fingerprint: Fingerprint(of: []))
        }
        return trust.judge(unsafe X509Handle(owning: shown).certificate, verification, now: now)
    }

    private var verification: ServerTrust.Verification {
        let code = unsafe Int32(clamping: SSL_get_verify_result(pointer))
        switch code {
        case X509_V_OK: return .good
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return .unknownIssuer
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: return .wrongHost
        default: return .other(unsafe String(cString: X509_verify_cert_error_string(Int(code))))
        }
    }
}
