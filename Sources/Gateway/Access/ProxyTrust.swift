package import Net

/// Whose word counts about where a request came from (`--trust-proxy`).
package struct ProxyTrust: Sendable {
    private let proxies: [IPNetwork]

    /// - Parameter proxies: Addresses of the proxies themselves; none by default, and then nobody's word counts.
    package init(_ proxies: [IPNetwork] = []) {
        self.proxies = proxies
    }

    /// The request as its client sent it to the outermost trusted proxy: peer, scheme and `Host` are those seen there.
    ///
    /// Of the chain of addresses the first one from the right that is no trusted proxy is the client; everything left
    /// of it may be invented. The forwarding fields stay in the request: it is never taken for one of this machine.
    package func unwrapped(_ request: HTTPRequest) -> HTTPRequest {
        guard isTrusted(request.peer.host), let chain = ForwardingChain(request.fields) else { return request }
        var request = request
        for (index, hop) in chain.hops.enumerated().reversed() {
            guard let peer = hop else { break }
            request.peer = peer
            chain.facts(at: index).apply(to: &request)
            if !isTrusted(peer.host) { break }
        }
        return request
    }

    private func isTrusted(_ host: String) -> Bool {
        proxies.contains { $0.contains(host) }
    }
}

extension HTTPRequest {
    /// Whether it says that it came through a proxy.
    var isForwarded: Bool {
        fields.lines.contains { line in
            switch line.name.utf8.first {
            case UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "v"), UInt8(ascii: "V"), UInt8(ascii: "x"),
                UInt8(ascii: "X"):
                Self.isForwarding(line.name.lowercased())
            default: false
            }
        }
    }

    private static func isForwarding(_ name: String) -> Bool {
        name == "forwarded" || name == "via" || name == "x-real-ip" || name.hasPrefix("x-forwarded-")
    }

    /// Whether it came from this machine, and through no proxy.
    var isLocal: Bool { peer.isLoopback && !isForwarded }
}
