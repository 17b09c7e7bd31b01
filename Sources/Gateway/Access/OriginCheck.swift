package import Net

/// Whether the page that makes a request may do so.
package struct OriginCheck: Sendable {
    /// What is thought of an origin.
    package enum Verdict: Hashable, Sendable {
        /// No page asks: a program, or a page of this server.
        case own
        /// A page that `--allow-origin` names; it may also read the answer.
        case allowed(origin: String)
        /// Any other page, `null` included, which every sandboxed page can claim.
        case foreign
    }

    private let allowed: Set<WebOrigin>

    /// - Parameter allowed: Origins given with `--allow-origin` and `--public-url`.
    package init(allowed: [WebOrigin] = []) {
        self.allowed = Set(allowed)
    }

    /// - Parameter host: What the request's `Host` names, already found to be ours.
    package func verdict(on request: HTTPRequest, host: WebHost) -> Verdict {
        let values = request.fields.all("Origin")
        guard let value = values.first else { return Self.isPagesSecret(request) ? .foreign : .own }
        guard values.count == 1, let origin = WebOrigin(value) else { return .foreign }
        if origin == WebOrigin(scheme: request.isSecure ? "https" : "http", host: host) { return .own }
        return allowed.contains(origin) ? .allowed(origin: value) : .foreign
    }

    /// Whether there are foreign pages that may ask.
    package var hasAllowed: Bool { !allowed.isEmpty }

    /// Whether a page of elsewhere wants to change something and its browser does not say which one it is.
    ///
    /// Reading is left alone: following a link to the player page is such a request too.
    private static func isPagesSecret(_ request: HTTPRequest) -> Bool {
        guard let site = request.fields["Sec-Fetch-Site"], !["GET", "HEAD"].contains(request.method) else {
            return false
        }
        return site != "same-origin" && site != "none"
    }
}

/// Scheme, host and port of a page (RFC 6454), the port always named.
package struct WebOrigin: Hashable, Sendable {
    private let scheme: String
    private let host: WebHost

    package init(scheme: String, host: WebHost) {
        self.scheme = scheme
        self.host = WebHost(name: host.name, port: host.port ?? (scheme == "https" ? 443 : 80))
    }

    /// - Parameter text: `https://example.org` or `http://example.org:8080`, a slash at the end allowed; nil otherwise.
    package init?(_ text: String) {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let scheme = parts[0].lowercased()
        let rest = parts[1].hasSuffix("/") ? parts[1].dropLast() : parts[1]
        guard scheme == "http" || scheme == "https", let host = WebHost(String(rest)) else { return nil }
        self.init(scheme: scheme, host: host)
    }

    /// The host's name, without the port.
    package var hostName: String { host.name }
}
