/// A complete, checked request head.
struct RequestHead {
    let method: String
    let target: RequestTarget
    /// With an absolute target, `Host` is that of the target.
    let fields: HTTPFields
    let framing: BodyFraming
    /// Whether the client reads chunked bodies; one of HTTP/1.0 does not.
    let knowsChunks: Bool
    /// Whether the connection may carry another request after this one.
    let keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    let expectsContinue: Bool

    init(line: RequestLine, fields: HTTPFields) throws(HTTPParseError) {
        var fields = fields
        if let authority = line.target.authority, fields["Host"] != nil { fields["Host"] = authority }
        try Self.checkHost(fields.all("Host"), isRequired: line.version == .http11)
        framing = try BodyFraming.declared(by: fields) ?? .none
        let options = fields.tokens("Connection")
        if line.version == .http10 {
            // RFC 9112, section 6.1, and RFC 9110, section 7.8: neither exists before HTTP/1.1.
            guard framing != .chunked else { throw .unsupportedTransferCoding }
            fields["Upgrade"] = nil
        }
        keepsAlive = !options.contains("close") && (line.version == .http11 || options.contains("keep-alive"))
        expectsContinue = try Self.expectsContinue(fields, line.version) && framing != .none && framing != .length(0)
        knowsChunks = line.version == .http11
        method = line.method
        target = line.target
        self.fields = fields
    }

    private static func checkHost(_ hosts: [String], isRequired: Bool) throws(HTTPParseError) {
        guard hosts.count <= 1, !isRequired || hosts.count == 1 else { throw .invalidHost }
        let isHost = hosts.allSatisfy { host in
            host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#@\\,\"<>{}|^`".utf8.contains($0) }
        }
        guard isHost else { throw .invalidHost }
    }

    private static func expectsContinue(_ fields: HTTPFields, _ version: HTTPVersion) throws(HTTPParseError) -> Bool {
        let expectations = fields.tokens("Expect")
        guard version == .http11, !expectations.isEmpty else { return false }
        guard expectations == ["100-continue"] else { throw .unknownExpectation }
        return true
    }
}

/// The two versions spoken here.
enum HTTPVersion: Hashable {
    case http10
    case http11

    /// Reads `HTTP/1.0` or `HTTP/1.1`.
    init(_ bytes: Span<UInt8>) throws(HTTPParseError) {
        switch bytes.text() {
        case "HTTP/1.1": self = .http11
        case "HTTP/1.0": self = .http10
        case let text where text.utf8.count == 8 && text.hasPrefix("HTTP/"): throw .unsupportedVersion
        default: throw .malformedStartLine
        }
    }
}

/// The first line of a request.
struct RequestLine {
    let method: String
    let target: RequestTarget
    let version: HTTPVersion

    /// Reads a line given without its end: three parts, one space between each.
    init(_ line: Span<UInt8>) throws(HTTPParseError) {
        guard let first = line.firstIndex(of: HTTPSyntax.space), first > 0,
            let second = line.firstIndex(of: HTTPSyntax.space, from: first + 1), second > first + 1
        else { throw .malformedStartLine }
        let method = line.extracting(0..<first)
        guard method.count <= 32, method.allPass({ HTTPSyntax.isToken($0) }) else { throw .malformedStartLine }
        version = try HTTPVersion(line.extracting((second + 1)..<line.count))
        self.method = method.text()
        target = try RequestTarget(line.extracting((first + 1)..<second))
        guard target.raw != "*" || self.method == "OPTIONS" else { throw .invalidTarget }
    }
}
