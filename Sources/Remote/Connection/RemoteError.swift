package import Net
package import Secrets
import Wire
package import JSON

/// Why a server did not do what it was asked.
package enum RemoteError: Error, Hashable, Sendable {
    /// Nothing answers there; the reason is for people.
    case unreachable(url: String, reason: String)
    /// It answered and said no.
    case refused(code: String, message: String)
    /// The connection was there and is gone.
    case lost
    /// Its certificate is not accepted.
    case certificate(CertificateRefusal, url: String)
    /// It answers at this URL only with `https` in front.
    case needsTLS(url: String)
    /// The file with the authorities to believe cannot be used; the reason is for people.
    case badAuthorities(reason: String)
    /// It answers something that is not Hearsay's protocol.
    case notHearsay(url: String)

    /// Reads a reply of type `error`, or the body of a failed HTTP request.
    package init?(_ reply: JSONValue) {
        let body = reply["error"] ?? reply
        guard let code = body["code"]?.text else { return nil }
        self = .refused(code: code, message: body["message"]?.text ?? code)
    }

    /// - Parameter url: Where the connection was to go.
    init(_ error: ClientError, url: String) {
        switch error {
        case .refused(let status) where status == 401 || status == 403:
            self = .refused(code: status == 401 ? "unauthenticated" : "not_allowed", message: "HTTP status \(status)")
        case .refused(status: 308): self = .needsTLS(url: url)
        case .certificate(let refusal): self = .certificate(refusal, url: url)
        case .badAuthorities(let problem): self = .badAuthorities(reason: "\(problem)")
        case .refused, .badResponse: self = .notHearsay(url: url)
        default: self = .unreachable(url: url, reason: error.description)
        }
    }

    /// Whether trying again cannot help.
    package var isFinal: Bool {
        switch self {
        case .refused, .certificate, .needsTLS, .badAuthorities: true
        case .unreachable, .lost, .notHearsay: false
        }
    }

    /// Reads how the server closed the connection.
    package init(_ close: WebSocketClose?) {
        switch close?.code {
        case .some(4400...4499):
            let code = ErrorCode.allCases.first { $0.rawValue == close?.reason }
            self = .refused(
                code: code?.rawValue ?? Self.code(ofClose: close?.code ?? 0), message: close?.reason ?? "")
        default: self = .lost
        }
    }

    private static func code(ofClose code: UInt16) -> String {
        switch code {
        case 4401: "unauthenticated"
        case 4403: "not_allowed"
        case 4408: "hello_timeout"
        case 4429: "too_many_requests"
        default: "bad_message"
        }
    }
}
