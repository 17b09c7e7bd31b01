private import COpenSSL

/// The queue in which OpenSSL leaves the reasons of what failed on this thread.
enum OpenSSLErrors {
    /// Takes the last reason out, and all others with it.
    ///
    /// - Returns: The library's code and its words; nil if there is none.
    static func takeLast() -> (code: Int32, words: String)? {
        let error = ERR_peek_last_error()
        ERR_clear_error()
        guard error != 0 else { return nil }
        let words = unsafe ERR_reason_error_string(error).map { unsafe String(cString: $0) }
        return (hearsay_reason(error), words ?? "error \(error)")
    }

    static func certificateError() -> CertificateError {
        takeLast().map { .refused(reason: $0.words) } ?? .outOfMemory
    }
}
