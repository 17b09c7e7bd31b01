import Flow
import Net
import VoiceCore
import Wire

/// What every request passes before anything else looks at it: `Host`, `Origin`, then the token.
struct Doorkeeper: Sendable {
    private let hosts: HostCheck
    private let origins: OriginCheck
    private let access: AccessTable
    private let log: Log

    init(hosts: HostCheck, origins: OriginCheck, access: AccessTable, log: Log = Log(label: "access")) {
        self.hosts = hosts
        self.origins = origins
        self.access = access
        self.log = log
    }

    /// Judges where a request comes from.
    ///
    /// - Throws: `foreign_host` or `foreign_origin`.
    func admit(_ request: HTTPRequest) throws(ErrorReply) -> OriginCheck.Verdict {
        guard let host = hosts.host(of: request) else {
            throw refusal(.foreignHost, "this server does not go by that name", request)
        }
        let verdict = origins.verdict(on: request, host: host)
        guard verdict != .foreign else {
            throw refusal(.foreignOrigin, "pages of that origin may not use this server", request)
        }
        return verdict
    }

    /// Judges the token of a request.
    ///
    /// - Parameter scopes: One of them is enough; nil for any token.
    /// - Throws: `unauthenticated` without a valid token, `not_allowed` if it has none of the scopes.
    func grant(of request: HTTPRequest, anyOf scopes: Scopes?) throws(ErrorReply) -> Grant {
        guard let grant = try grantIfShown(request) else {
            throw ErrorReply(.unauthenticated, "this needs a token")
        }
        guard let scopes, !grant.allows(.admin), grant.scopes.isDisjoint(with: scopes) else { return grant }
        let names = scopes.names.joined(separator: " or ")
        throw ErrorReply(.notAllowed, "this needs the scope \(names)")
    }

    /// What the shown token allows; nil if none is shown, as a WebSocket may show its token later.
    ///
    /// - Throws: `unauthenticated` for a wrong one.
    func grantIfShown(_ request: HTTPRequest) throws(ErrorReply) -> Grant? {
        switch Credential(of: request) {
        case .none: return nil
        case .token(let token):
            guard let grant = access.grant(for: token) else {
                throw refusal(.unauthenticated, "the token is unknown, expired or revoked", request)
            }
            return grant
        case .malformed:
            throw refusal(.unauthenticated, "that is no token", request)
        }
    }

    private func refusal(_ code: ErrorCode, _ what: String, _ request: HTTPRequest) -> ErrorReply {
        log.limited(request.peer.host).warning(
            "request.refused", ["code": code.rawValue, "peer": request.peer.description, "path": request.path])
        return ErrorReply(code, what)
    }
}
