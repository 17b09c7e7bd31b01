/// Why a TLS session did not come about, or ended.
package enum TLSError: Error, Hashable, CustomStringConvertible {
    /// The other end speaks something else, plain HTTP for instance.
    case notTLS
    /// The connection ended in the middle.
    case cutOff
    /// The other end's certificate is not accepted.
    case certificate(CertificateRefusal)
    /// OpenSSL's own words.
    case failed(reason: String)

    /// For people.
    package var description: String {
        switch self {
        case .notTLS: "the other end does not speak TLS"
        case .cutOff: "the connection was cut off"
        case .certificate(let refusal): "\(refusal)"
        case .failed(let reason): "TLS failed: \(reason)"
        }
    }
}
