/// One request as a handler sees it: complete, checked, body included.
package struct HTTPRequest: Sendable {
    /// Upper case for all known methods; methods are case-sensitive.
    package var method: String
    /// Percent-decoded, no query; begins with `/`, or is `*` for `OPTIONS *`.
    package var path: String
    /// What stands between the slashes of the path, each percent-decoded on its own: an escaped slash parts nothing.
    package var segments: [String]
    /// The first value of each name, percent-decoded.
    package var query: [String: String]
    /// The target as it was sent, undecoded.
    package var rawTarget: String
    /// With an absolute target, `Host` is that of the target.
    package var fields: HTTPFields
    /// Decoded of any chunking.
    package var body: [UInt8]
    /// The other end of the socket.
    package var peer: SocketAddress
    /// Whether it came over TLS.
    package var isSecure: Bool
    /// The port it came in at.
    package var localPort: Int
    /// Which of the server's addresses it came in at, counted from 0.
    package var entrance: Int

    /// A request made by hand, as tests do.
    ///
    /// - Parameter segments: Nil for those of a path in which no slash was escaped.
    package init(
        method: String, path: String, segments: [String]? = nil, query: [String: String] = [:],
        rawTarget: String? = nil, fields: HTTPFields = [:], body: [UInt8] = [],
        peer: SocketAddress = SocketAddress(host: "127.0.0.1", port: 0), isSecure: Bool = false, localPort: Int = 0,
        entrance: Int = 0
    ) {
        self.method = method
        self.path = path
        self.segments = segments ?? Self.segments(of: path)
        self.query = query
        self.rawTarget = rawTarget ?? path
        self.fields = fields
        self.body = body
        self.peer = peer
        self.isSecure = isSecure
        self.localPort = localPort
        self.entrance = entrance
    }

    private static func segments(of path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { String($0) }
    }
}
