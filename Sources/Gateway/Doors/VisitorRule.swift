import Net
import VoiceCore

/// Who may use a door without a token, and as whom (PROTOCOL.md, section 2).
///
/// The clients of other systems know no tokens. What keeps strangers out instead: the request comes from this machine or
/// from a network that was named, straight and not through a proxy, and no page of elsewhere has made it.
struct VisitorRule: Sendable {
    let alias: Alias

    /// What such a request may do: what the door is for, in the door's own session, and nothing elsewhere.
    ///
    /// - Returns: Nil for one that needs a token.
    func grant(for request: HTTPRequest) -> Grant? {
        guard !request.isForwarded, isNear(request), isOfNoPageElsewhere(request) else { return nil }
        let session = alias.name.session
        return Grant(token: TokenID(session.rawValue), scopes: alias.name.scopes, session: session)
    }

    private func isNear(_ request: HTTPRequest) -> Bool {
        if alias.networks.contains(where: { $0.contains(request.peer.host) }) { return true }
        guard request.peer.isLoopback, alias.address.isLoopback || alias.isOpen else { return false }
        return request.fields["Host"].flatMap { WebHost($0) }?.isLoopback ?? false
    }

    /// The main door's checks let allowed origins pass; here only the door's own pages do.
    private func isOfNoPageElsewhere(_ request: HTTPRequest) -> Bool {
        let site = request.fields["Sec-Fetch-Site"]
        guard site == nil || site == "same-origin" || site == "none" else { return false }
        guard let origin = request.fields["Origin"] else { return true }
        guard let host = request.fields["Host"].flatMap({ WebHost($0) }) else { return false }
        return WebOrigin(origin) == WebOrigin(scheme: request.isSecure ? "https" : "http", host: host)
    }
}

extension WebHost {
    /// Whether the name means this very machine, whoever asks.
    var isLoopback: Bool {
        name == "localhost" || SocketAddress(host: name, port: port ?? 0).isLoopback
    }
}
