import Net
import Secrets

/// The token that a request shows, if any.
enum Credential: Sendable {
    case none
    case token(SecretToken)
    /// Something is shown that cannot be a token, or more than one.
    case malformed

    /// What precedes the token in a WebSocket's list of subprotocols (PROTOCOL.md, section 2).
    private static let protocolPrefix = "bearer."

    /// Reads `Authorization: Bearer …` and, on an upgrade, the subprotocol `bearer.…`.
    init(of request: HTTPRequest) {
        let authorizations = request.fields.all("Authorization")
        let protocols = request.fields.items("Sec-WebSocket-Protocol").filter { $0.hasPrefix(Self.protocolPrefix) }
        switch (authorizations.count, protocols.count) {
        case (0, 0): self = .none
        case (1, 0): self.init(Self.bearer(authorizations[0]))
        case (0, 1): self.init(protocols[0].dropFirst(Self.protocolPrefix.count))
        default: self = .malformed
        }
    }

    private init(_ text: Substring?) {
        self = text.flatMap { SecretToken(String($0)) }.map(Credential.token) ?? .malformed
    }

    /// RFC 9110, section 11.1: the scheme has no case.
    private static func bearer(_ value: String) -> Substring? {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].drop { $0 == " " }
    }
}
