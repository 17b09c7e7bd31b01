package import Secrets

/// Why a server could not be asked.
package enum ClientError: Error, Hashable, CustomStringConvertible {
    case malformedURL(String)
    /// A scheme other than those spoken here.
    case unsupportedScheme(String)
    /// The name is unknown, or nobody listens there; the host and port.
    case unreachable(String)
    /// The name leads to no network that may be asked; the host and port.
    case foreignNetwork(String)
    /// The server answered a WebSocket handshake with this status.
    case refused(status: Int)
    /// There is no TLS with it, in the words of the other end or of OpenSSL.
    case tlsFailed(TLSError)
    /// The server's certificate is not accepted.
    case certificate(CertificateRefusal)
    /// The file with the authorities to believe cannot be used.
    case badAuthorities(CertificateError)
    /// The server broke the protocol.
    case badResponse
    /// The connection ended before the answer did.
    case closed
    case timedOut
    case cancelled

    /// For people.
    package var description: String {
        switch self {
        case .malformedURL(let text): "\(text) is no URL"
        case .unsupportedScheme(let scheme): "URLs of the kind \(scheme): are not supported"
        case .unreachable(let place): "nobody answers at \(place)"
        case .foreignNetwork(let place): "\(place) is in no network that may be asked"
        case .refused(let status): "the server refused with status \(status)"
        case .tlsFailed(let error): "\(error)"
        case .certificate(let refusal): "\(refusal)"
        case .badAuthorities(let error): "the authorities to believe cannot be read: \(error)"
        case .badResponse: "the server gave a malformed answer"
        case .closed: "the server closed the connection"
        case .timedOut: "the server took too long"
        case .cancelled: "the request was cancelled"
        }
    }

    init(_ error: TLSError) {
        switch error {
        case .certificate(let refusal): self = .certificate(refusal)
        case .cutOff: self = .closed
        case .notTLS, .failed: self = .tlsFailed(error)
        }
    }
}
