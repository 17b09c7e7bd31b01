/// A URL of HTTP or WebSocket, taken apart.
package struct URLParts: Sendable, Hashable, CustomStringConvertible {
    /// Whether it is `https` or `wss`.
    package var isSecure: Bool
    /// Without brackets.
    package var host: String
    /// As given, else 80 or 443.
    package var port: Int
    /// Path and query, percent-encoded; begins with `/`.
    package var target: String

    /// Reads `http://host:port/path?query`, and the same with `https`, `ws` and `wss`.
    package init(_ text: String) throws(ClientError) {
        let scheme = text.prefix { $0 != ":" }
        guard text.dropFirst(scheme.count).hasPrefix("://") else { throw .malformedURL(text) }
        switch scheme.lowercased() {
        case "http", "ws": isSecure = false
        case "https", "wss": isSecure = true
        default: throw .unsupportedScheme(String(scheme))
        }
        let rest = text.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest.dropFirst(authority.count).prefix { $0 != "#" }
        let hasPort = authority.hasSuffix("]") ? false : authority.contains(":")
        let address = hasPort ? String(authority) : "\(authority):\(isSecure ? 443 : 80)"
        guard let place = try? SocketAddress.parse(address), place.port > 0,
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .malformedURL(text) }
        (host, port) = (place.host, place.port)
        target = path.hasPrefix("/") ? String(path) : "/" + path
    }

    /// Host and port, as the Host field wants them.
    package var authority: String {
        port == (isSecure ? 443 : 80)
            ? SocketAddress.bracketed(host) : SocketAddress(host: host, port: port).description
    }

    /// The URL with `http` or `https`.
    package var description: String { "\(isSecure ? "https" : "http")://\(authority)\(target)" }
}
