import Testing

@testable import Net

@Suite struct RequestParserTests {
    @Test func `a request with a counted body is read`() throws {
        let text = "POST /a%20b/c?x=1&y=a+b&x=2 HTTP/1.1\r\nHost: h:7780\r\nX-A:  v 1\t\r\nContent-Length: 3\r\n\r\nabc"
        for pieces in splits(of: Array(text.utf8)) {
            let request = try #require(try requests(in: pieces).first)
            #expect(request.head.method == "POST")
            #expect(request.head.target.path == "/a b/c")
            #expect(request.head.target.query == ["x": "1", "y": "a b"])
            #expect(request.head.fields["x-a"] == "v 1")
            #expect(request.body == Array("abc".utf8))
            #expect(request.head.keepsAlive)
        }
    }

    @Test func `pipelined requests are read one after the other`() throws {
        let text =
            "\r\nGET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=\"y\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\nHEAD /3 HTTP/1.0\r\n\r\n"
        for pieces in splits(of: Array(text.utf8)) {
            let found = try requests(in: pieces)
            #expect(found.map(\.head.target.path) == ["/1", "/2", "/3"])
            #expect(found.map(\.body.count) == [0, 13, 0])
            #expect(found.map(\.head.keepsAlive) == [true, true, false])
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: h\n\r\n", HTTPParseError.bareLineFeed),
        ("GET / HTTP/1.1\nHost: h\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: h\r\n\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: h\r\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\n Host: h\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\n: h\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\nHo(st: h\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\nHost: a\u{0}b\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\nHost: a\u{7F}b\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .invalidHost),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999999\r\n\r\n", .bodyTooLarge),
        ("POST / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\n", .unknownExpectation),
        ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET /  HTTP/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/1.1 \r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET /\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("G@T / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / http/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/0.9\r\nHost: h\r\n\r\n", .unsupportedVersion),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/1.x\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/11.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/1.10\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/1,1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / HTTPS/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET\t/\tHTTP/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        (" GET / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}", .malformedStartLine),
        ("get / HTTP/1.1\r\nHost: h\r\n\r\n", .unknownMethod),
        ("BREW / HTTP/1.1\r\nHost: h\r\n\r\n", .unknownMethod),
        ("\(String(repeating: "M", count: 40)) / HTTP/1.1\r\nHost: h\r\n\r\n", .unknownMethod),
    ])
    func `a malformed request is refused wherever it is cut`(text: String, error: HTTPParseError) {
        for pieces in splits(of: Array(text.utf8)) {
            #expect(throws: error) { try requests(in: pieces) }
        }
    }

    @Test func `every error has a status of its class`() {
        for error in HTTPParseError.allCases { #expect((400..<600).contains(error.status)) }
    }

    @Test func `heads, fields and bodies above their limits are refused`() {
        var limits = ParseLimits()
        limits.headBytes = 100
        limits.fieldCount = 3
        limits.bodyBytes = 10
        func parse(_ text: String) throws { _ = try requests(in: [Array(text.utf8)], limits: limits) }
        let host = "GET / HTTP/1.1\r\nHost: h\r\n"
        #expect(throws: HTTPParseError.headTooLarge) { try parse(host + "A: " + String(repeating: "a", count: 100)) }
        #expect(throws: HTTPParseError.startLineTooLong) { try parse("GET /" + String(repeating: "a", count: 100)) }
        #expect(throws: HTTPParseError.tooManyFields) { try parse(host + "A: a\r\nB: b\r\nC: c\r\n\r\n") }
        #expect(throws: HTTPParseError.bodyTooLarge) { try parse(host + "Content-Length: 11\r\n\r\n") }
        #expect(throws: HTTPParseError.bodyTooLarge) {
            try parse(host + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n")
        }
        #expect(throws: Never.self) { try parse(host + "Content-Length: 10\r\n\r\n0123456789") }
    }

    @Test func `an absolute target takes the place of Host`() throws {
        let text = "GET http://other:81?q=1 HTTP/1.1\r\nHost: h\r\n\r\n"
        let head = try #require(try requests(in: [Array(text.utf8)]).first).head
        #expect(head.fields["Host"] == "other:81")
        #expect(head.target.path == "/")
        #expect(head.target.query == ["q": "1"])
    }

    @Test func `an expectation is seen and HTTP 1 0 upgrades to nothing`() throws {
        let first =
            "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\na"
        let head = try #require(try requests(in: [Array(first.utf8)]).first).head
        #expect(head.expectsContinue)
        #expect(!head.keepsAlive)
        let later = "GET / HTTP/1.9\r\nHost: h\r\n\r\n"
        #expect(try requests(in: [Array(later.utf8)]).first?.head.knowsChunks == true)
        let second = "GET / HTTP/1.0\r\nUpgrade: websocket\r\nConnection: upgrade, keep-alive\r\n\r\n"
        let old = try #require(try requests(in: [Array(second.utf8)]).first).head
        #expect(old.fields["Upgrade"] == nil)
        #expect(old.keepsAlive)
    }
}

/// All requests in `pieces`, read as a connection reads them: what was not used comes again.
func requests(
    in pieces: [[UInt8]], limits: ParseLimits = ParseLimits()
) throws -> [(head: RequestHead, body: [UInt8])] {
    var parser = RequestParser(limits: limits)
    var buffer = InputBuffer()
    var found: [(RequestHead, [UInt8])] = []
    var head: RequestHead?
    for piece in pieces {
        buffer.append(copying: piece.span)
        while true {
            let (used, event) = try parser.next(buffer.bytes.span.extracting(buffer.start..<buffer.bytes.count))
            buffer.consume(used)
            guard let event else { break }
            switch event {
            case .head(let next): head = next
            case .end(let body): found.append((try #require(head), body))
            }
            if buffer.count == 0, case .end = event { break }
        }
    }
    return found
}
