package import Secrets

/// Where a server is, and as whom to speak to it.
package struct ServerAddress: Hashable, Sendable {
    /// Scheme, host and port, without a slash at the end: `http://127.0.0.1:7780`.
    package let url: String
    /// The bearer token; nil for a server that is only asked for its health.
    package var token: String?
    /// Which certificates are accepted, for `https`.
    package var trust: ServerTrust

    /// - Parameter url: A path behind the port is left out.
    package init(url: String, token: String?, trust: ServerTrust = ServerTrust()) {
        self.url = Self.origin(of: url)
        self.token = token
        self.trust = trust
    }

    /// Where native connections are made.
    package var webSocketURL: String {
        let rest = url.hasPrefix("https:") ? "wss:" + url.dropFirst(6) : "ws:" + url.dropFirst(5)
        return rest + "/v1/ws"
    }

    private static func origin(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return String(url[..<scheme.upperBound] + authority)
    }
}
