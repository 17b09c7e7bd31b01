private import Glibc

/// Why a certificate and its key cannot be used.
package enum CertificateError: Error, Hashable, CustomStringConvertible {
    /// The file cannot be read; `code` is the system's `errno`.
    case unreadable(path: String, code: Int32)
    case noCertificate
    case noKey
    /// The key needs a password, which nobody is there to give.
    case encryptedKey
    case keyDoesNotMatch
    /// Seconds since 1970.
    case expired(at: Int)
    /// Seconds since 1970.
    case notValidBefore(Int)
    /// OpenSSL refuses them, in its own words: a key that is too short, for instance.
    case refused(reason: String)
    case outOfMemory

    /// For people.
    package var description: String {
        switch self {
        case .unreadable(let path, ENOENT): "there is no file \(path)"
        case .unreadable(let path, let code): "\(path) cannot be read: \(unsafe String(cString: strerror(code)))"
        case .noCertificate: "the certificate file has no certificate in PEM form"
        case .noKey: "the key file has no private key in PEM form"
        case .encryptedKey: "the key is encrypted"
        case .keyDoesNotMatch: "the key is not that of the certificate"
        case .expired: "the certificate has expired"
        case .notValidBefore: "the certificate is not valid yet"
        case .refused(let reason): "OpenSSL refuses it: \(reason)"
        case .outOfMemory: "there is no memory left"
        }
    }
}
