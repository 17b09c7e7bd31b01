import Flow
import Net
import VoiceCore
import Wire

/// What every request passes before anything else looks at it: `Host`, `Origin`, its peer's rate, then the token.
struct Doorkeeper: Sendable {
    private let chosenRules: Monitor<DoorRules>
    private let access: AccessTable
    private let turnstile: Turnstile
    private let log: Log
    /// Who needs no token; nobody at the main door.
    var visitors: VisitorRule?

    init(rules: DoorRules, parts: GatewayParts, log: Log) {
        chosenRules = Monitor(rules)
        access = parts.access
        turnstile = parts.turnstile
        self.log = log
    }

    private var rules: DoorRules { chosenRules.withLock { $0 } }

    /// Judges by other rules from now on.
    func replace(rules: DoorRules) { chosenRules.withLock { $0 = rules } }

    /// Whether answers depend on who asks, so that nothing in between may give one origin's answer to another.
    var tellsOriginsApart: Bool { rules.origins.hasAllowed }

    /// The request as its client sent it, seen through the proxies that are trusted.
    func unwrapped(_ request: HTTPRequest) -> HTTPRequest { rules.proxies.unwrapped(request) }

    /// Judges where a request comes from.
    ///
    /// - Throws: `foreign_host` or `foreign_origin`.
    func admit(_ request: HTTPRequest) throws(ErrorReply) -> OriginCheck.Verdict {
        let rules = rules
        guard let host = rules.hosts.host(of: request) else {
            throw refusal(.foreignHost, "this server does not go by that name", request)
        }
        let verdict = rules.origins.verdict(on: request, host: host)
        guard verdict != .foreign else {
            throw refusal(.foreignOrigin, "pages of that origin may not use this server", request)
        }
        return verdict
    }

    /// Counts a request of its peer.
    ///
    /// - Throws: `rate_limited`.
    func count(_ request: HTTPRequest) throws(ErrorReply) {
        if let wait = turnstile.pass(request.peer, isLocal: request.isLocal) {
            log.limited(request.peer.host).warning("request.limited", ["peer": request.peer.description])
            throw .rateLimited(.peer, retryAfter: wait)
        }
    }

    /// Judges the token of a request.
    ///
    /// - Parameter scopes: One of them is enough; nil for any token.
    /// - Throws: `unauthenticated` without a valid token, `rate_limited`, or `not_allowed` if it has none of the scopes.
    func grant(of request: HTTPRequest, anyOf scopes: Scopes?) throws(Refusal) -> Grant {
        let visitor = visitorGrant(request)
        guard let grant = visitor == nil ? try grantIfShown(request) : visitor else {
            throw Refusal(ErrorReply(.unauthenticated, "this needs a token"))
        }
        if let wait = turnstile.pass(grant) { throw Refusal(.rateLimited(.token, retryAfter: wait)) }
        do throws(ErrorReply) {
            if let scopes { try grant.need(anyOf: scopes) }
        } catch {
            throw Refusal(error)
        }
        return grant
    }

    /// What a request may do that needs no token: more, if it shows one of ours.
    ///
    /// Clients of other systems send made-up keys where theirs asks for none, so one that is not ours is no offence.
    private func visitorGrant(_ request: HTTPRequest) -> Grant? {
        guard let visitor = visitors?.grant(for: request) else { return nil }
        guard case .token(let token) = Credential(of: request) else { return visitor }
        return access.grant(for: token) ?? visitor
    }

    /// What the shown token allows; nil if none is shown, as a WebSocket may show its token later.
    ///
    /// - Throws: `unauthenticated` for a wrong one.
    func grantIfShown(_ request: HTTPRequest) throws(Refusal) -> Grant? {
        switch Credential(of: request) {
        case .none: return nil
        case .token(let token):
            guard let grant = access.grant(for: token) else { throw wrongToken(from: request.peer) }
            return grant
        case .malformed:
            throw Refusal(refusal(.unauthenticated, "that is no token", request))
        }
    }

    /// A refusal as the answer to a request.
    func reply(_ refusal: Refusal, in dialect: Route.Dialect) -> HTTPReply {
        let response = dialect.response(to: refusal.error)
        guard refusal.delay > .zero else { return .now(response) }
        return .later { [turnstile] in
            await turnstile.wait(refusal.delay)
            return response
        }
    }

    /// A refusal as the answer to an upgrade, accepted and then closed: a browser cannot see an HTTP status here.
    func reply(_ refusal: Refusal, to upgrade: WebSocketUpgrade) -> HTTPReply {
        let code = refusal.error.code
        guard refusal.delay > .zero else {
            return .refuseWebSocket(upgrade, code: code.closeCode, reason: code.rawValue)
        }
        return .webSocket(upgrade) { [turnstile] socket in
            await turnstile.wait(refusal.delay)
            socket.close(code: code.closeCode, reason: code.rawValue)
        }
    }

    /// Counts a wrong token; the answer may have to wait.
    private func wrongToken(from peer: SocketAddress) -> Refusal {
        log.limited("wrong token").warning("token.wrong", ["peer": peer.host])
        return Refusal(wrongTokenFrom: peer, at: turnstile)
    }

    private func refusal(_ code: ErrorCode, _ what: String, _ request: HTTPRequest) -> ErrorReply {
        log.limited(request.peer.host).warning(
            "request.refused", ["code": code.rawValue, "peer": request.peer.description, "path": request.path])
        return ErrorReply(code, what)
    }
}

/// Whom the server lets in, as its options say.
package struct DoorRules: Sendable {
    package var hosts: HostCheck
    package var origins: OriginCheck
    package var proxies: ProxyTrust

    package init(
        hosts: HostCheck = HostCheck(), origins: OriginCheck = OriginCheck(), proxies: ProxyTrust = ProxyTrust()
    ) {
        self.hosts = hosts
        self.origins = origins
        self.proxies = proxies
    }
}

/// A refusal, and how long its telling waits.
struct Refusal: Error, Sendable {
    let error: ErrorReply
    var delay = Duration.zero

    init(_ error: ErrorReply) { self.error = error }

    /// Counts a wrong token of a peer.
    init(wrongTokenFrom peer: SocketAddress, at turnstile: Turnstile) {
        switch turnstile.wrongToken(from: peer) {
        case .after(let delay):
            error = ErrorReply(.unauthenticated, "the token is unknown, expired or revoked")
            self.delay = delay
        case .flood(let wait):
            error = .rateLimited(.wrongTokens, retryAfter: wait)
        }
    }
}

extension ErrorReply {
    /// What there was too much of.
    enum Excess: String, Sendable {
        case peer = "too many requests come from this address"
        case token = "this token asks too often"
        case wrongTokens = "too many wrong tokens came from this address"
    }

    /// A refusal because of a rate.
    static func rateLimited(_ excess: Excess, retryAfter wait: Duration) -> ErrorReply {
        var error = ErrorReply(.rateLimited, excess.rawValue)
        error.retryAfter = wait
        return error
    }
}

extension Grant {
    /// - Throws: `not_allowed` without one of the scopes.
    func need(anyOf scopes: Scopes) throws(ErrorReply) {
        guard allows(anyOf: scopes) else {
            throw ErrorReply(.notAllowed, "this needs the scope \(scopes.names.joined(separator: " or "))")
        }
    }
}
