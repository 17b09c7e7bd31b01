/// The target of a request: origin form, absolute form, or `*` (RFC 9112, section 3.2).
struct RequestTarget: Hashable {
    /// As it was sent.
    let raw: String
    /// Percent-decoded, without the query.
    let path: String
    /// What stands between the slashes of the path, each percent-decoded on its own; none of `*`.
    let segments: [String]
    /// The first value of each name, percent-decoded, `+` read as a space.
    let query: [String: String]
    /// Host and port of an absolute form, which go before the Host field.
    let authority: String?

    init(_ bytes: Span<UInt8>) throws(HTTPParseError) {
        guard bytes.allPass({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { throw .invalidTarget }
        raw = bytes.text()
        guard raw != "*" else {
            (path, segments, query, authority) = ("*", [], [:], nil)
            return
        }
        let (authority, rest) = try Self.splitAbsolute(raw)
        guard rest.utf8.first == UInt8(ascii: "/") else { throw .invalidTarget }
        let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?"))
        segments = try Self.segments(rest[..<(mark ?? rest.endIndex)])
        path = "/" + segments.joined(separator: "/")
        self.authority = authority
        query = try mark.map { mark throws(HTTPParseError) in try Self.query(rest[mark...].dropFirst()) } ?? [:]
    }

    private static func splitAbsolute(_ raw: String) throws(HTTPParseError) -> (String?, Substring) {
        guard raw.utf8.first != UInt8(ascii: "/") else { return (nil, raw[...]) }
        let scheme = raw.prefix { $0 != ":" }
        let rest = raw.dropFirst(scheme.count)
        guard ["http", "https"].contains(scheme.lowercased()), rest.hasPrefix("://") else { throw .invalidTarget }
        let authority = rest.dropFirst(3).prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, AuthoritySyntax.isValid(String(authority)) else { throw .invalidTarget }
        let path = rest.dropFirst(3 + authority.count)
        return (String(authority), path.isEmpty ? "/" : path.hasPrefix("?") ? Substring("/" + path) : path)
    }

    /// - Parameter path: Begins with a slash.
    private static func segments(_ path: Substring) throws(HTTPParseError) -> [String] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        return try parts.map { part throws(HTTPParseError) in
            guard let segment = PercentCoding.decode(part) else { throw HTTPParseError.invalidTarget }
            return segment
        }
    }

    private static func query(_ text: Substring) throws(HTTPParseError) -> [String: String] {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0], plusIsSpace: true),
                let value = PercentCoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw .invalidTarget }
            if query[name] == nil { query[name] = value }
        }
        return query
    }
}
