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
        try Self.checkHost(fields.all("Host"), isRequired: line.version == .http11)
        if let authority = line.target.authority { fields["Host"] = authority }
        framing = try BodyFraming.declared(by: fields) ?? .none
        let options = fields.tokens("Connection")
        if line.version == .http10 {
            // RFC 9112, section 6.1, and RFC 9110, section 7.8: neither exists before HTTP/1.1.
            guard framing != .chunked else { throw .invalidTransferCoding }
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
        guard hosts.count <= 1, !isRequired || hosts.count == 1, hosts.allSatisfy({ AuthoritySyntax.isValid($0) })
        else { throw .invalidHost }
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

    /// Reads `HTTP/1.0` or `HTTP/1.1`; a later minor version is read as 1.1 (RFC 9110, section 2.5).
    init(_ bytes: Span<UInt8>) throws(HTTPParseError) {
        guard bytes.count == 8, Self.hasName(bytes), bytes[6] == UInt8(ascii: "."),
            let major = HTTPSyntax.decimal(bytes[5]), let minor = HTTPSyntax.decimal(bytes[7])
        else { throw .malformedStartLine }
        guard major == 1 else { throw .unsupportedVersion }
        self = minor == 0 ? .http10 : .http11
    }

    private static func hasName(_ bytes: Span<UInt8>) -> Bool {
        bytes[0] == UInt8(ascii: "H") && bytes[1] == UInt8(ascii: "T") && bytes[2] == UInt8(ascii: "T")
            && bytes[3] == UInt8(ascii: "P") && bytes[4] == UInt8(ascii: "/")
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
        guard method.allPass({ HTTPSyntax.isToken($0) }) else { throw .malformedStartLine }
        version = try HTTPVersion(line.extracting((second + 1)..<line.count))
        self.method = method.text()
        guard Self.isKnown(self.method) else { throw .unknownMethod }
        target = try RequestTarget(line.extracting((first + 1)..<second))
        guard target.raw != "*" || self.method == "OPTIONS" else { throw .invalidTarget }
    }

    /// Whether a request may begin with this byte, an empty line before it included.
    static func mayBegin(with byte: UInt8) -> Bool {
        HTTPSyntax.isToken(byte) || byte == HTTPSyntax.carriageReturn || byte == HTTPSyntax.lineFeed
    }

    /// RFC 9110, section 9.1, and RFC 5789; others are refused with 501, and handlers answer 405 to those not theirs.
    private static func isKnown(_ method: String) -> Bool {
        switch method {
        case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH": true
        default: false
        }
    }
}
