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
        ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
        ("ICY 200 OK HERE\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1 200 OK\n\r\n", .bareLineFeed),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .conflictingLength),
    ])
    func `a malformed response is refused`(text: String, error: HTTPParseError) {
        for pieces in splits(of: Array(text.utf8)) {
            #expect(throws: error) { try response(in: pieces) }
        }
    }
}

private func response(
    in pieces: [[UInt8]], method: String = "GET"
) throws -> (head: ResponseHead?, body: [UInt8], isComplete: Bool) {
    var parser = ResponseParser(method: method)
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
