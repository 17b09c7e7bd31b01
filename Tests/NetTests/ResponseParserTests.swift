import Testing

@testable import Net

@Suite struct ResponseParserTests {
    @Test func `interim responses are skipped and the final one is read`() throws {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        for pieces in splits(of: Array(text.utf8)) {
            let response = try response(in: pieces)
            #expect(response.head?.status == 200)
            #expect(response.body == Array("ok".utf8))
            #expect(response.isComplete)
        }
    }

    @Test func `a chunked body is decoded`() throws {
        let text = "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
        for pieces in splits(of: Array(text.utf8)) {
            let response = try response(in: pieces)
            #expect(response.body == Array("abc".utf8))
            #expect(response.isComplete)
        }
    }

    @Test func `a body without a length lasts as long as the connection`() throws {
        let whole = try response(in: [Array("HTTP/1.0 200 OK\r\n\r\nabc".utf8)])
        #expect(whole.body == Array("abc".utf8))
        #expect(whole.isComplete)
        let cut = try response(in: [Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc".utf8)])
        #expect(!cut.isComplete)
    }

    @Test func `answers to HEAD, 204 and 304 have no body`() throws {
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".utf8)
        #expect(try response(in: [head], method: "HEAD").isComplete)
        for status in ["204 No Content", "304 Not Modified"] {
            #expect(try response(in: [Array("HTTP/1.1 \(status)\r\nContent-Length: 5\r\n\r\n".utf8)]).isComplete)
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 20 OK\r\n\r\n", HTTPParseError.malformedStartLine),
        ("HTTP/1.1 2000 OK\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1  200 OK\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1 2x0 OK\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1 099 OK\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1 200 O\u{0}K\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1\t200 OK\r\n\r\n", .malformedStartLine),
        ("http/1.1 200 OK\r\n\r\n", .malformedStartLine),
        ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
        ("ICY 200 OK HERE\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1 200 OK\n\r\n", .bareLineFeed),
        ("HTTP/1.1 200 OK\rX: y\r\n\r\n", .bareCarriageReturn),
        ("HTTP/1.1 200 OK\r\n X: y\r\n\r\n", .foldedField),
        ("HTTP/1.1 200 OK\r\nX : y\r\n\r\n", .invalidField),
        ("HTTP/1.1 200 OK\r\nX: y\r\n \u{0}\r\n\r\n", .invalidField),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .conflictingLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .conflictingLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", .invalidContentLength),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .invalidTransferCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferCoding),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .invalidTransferCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab", .invalidChunk),
    ])
    func `a malformed response is refused`(text: String, error: HTTPParseError) {
        for pieces in splits(of: Array(text.utf8)) {
            #expect(throws: error) { try response(in: pieces) }
        }
    }

    @Test func `a folded value is joined by spaces, as a client must`() throws {
        let text = "HTTP/1.1 200 OK\r\nX: a\r\n \t b\t\r\n \r\n\tc\r\nContent-Length: 0\r\n\r\n"
        for pieces in splits(of: Array(text.utf8)) {
            #expect(try response(in: pieces).head?.fields["X"] == "a b c")
        }
    }

    @Test(arguments: ["HTTP/1.1 200\r\n", "HTTP/1.1 200 \r\n", "HTTP/1.3 200 OK\r\n", "HTTP/1.1 200 gr\u{FC}n\r\n"])
    func `a reason may be anything or missing, and a later minor version is 1 1`(line: String) throws {
        let text = line + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
        for pieces in splits(of: Array(text.utf8)) {
            let response = try response(in: pieces)
            #expect(response.head?.status == 200)
            #expect(response.body == [0x61])
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n01234567890", "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n01234\r\n",
    ])
    func `a body above its limit is refused, in however many pieces it comes`(text: String) {
        var limits = ParseLimits()
        limits.bodyBytes = 10
        for pieces in splits(of: Array(text.utf8)) {
            #expect(throws: HTTPParseError.bodyTooLarge) { try response(in: pieces, limits: limits) }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
    ])
    func `a response that is cut is not complete`(text: String) throws {
        for pieces in splits(of: Array(text.utf8)) { #expect(try !response(in: pieces).isComplete) }
    }
}

private func response(
    in pieces: [[UInt8]], method: String = "GET", limits: ParseLimits = ParseLimits()
) throws -> (head: ResponseHead?, body: [UInt8], isComplete: Bool) {
    var parser = ResponseParser(method: method, limits: limits)
    var buffer = InputBuffer()
    var head: ResponseHead?
    var body: [UInt8] = []
    var isComplete = false
    for piece in pieces {
        buffer.append(copying: piece.span)
        while true {
            let (used, event) = try parser.next(buffer.bytes.span.extracting(buffer.start..<buffer.bytes.count))
            buffer.consume(used)
            guard let event else { break }
            switch event {
            case .head(let found): head = found
            case .body(let piece): body += piece
            case .end: isComplete = true
            }
        }
    }
    return (head, body, isComplete || parser.connectionEnded())
}
