import Flow
import Testing

@testable import Net

/// Requests that two readers could end in different places, so that one of them reads a second request in what follows.
///
/// RFC 9112, sections 2.2, 5, 6 and 7.1; each is refused before anything answers it.
private let attacks: [(request: String, error: HTTPParseError)] = [
    // Two lengths, even equal ones.
    (post("Content-Length: 6\r\nContent-Length: 6"), .conflictingLength),
    (post("Content-Length: 6\r\nContent-Length: 0"), .conflictingLength),
    (post("Content-Length: 0\r\nX: y\r\ncontent-length: 6"), .conflictingLength),
    (post("Content-Length: 6, 6"), .invalidContentLength),
    (post("Content-Length: 0,6"), .invalidContentLength),
    // A length together with a coding.
    (post("Content-Length: 6\r\nTransfer-Encoding: chunked"), .conflictingLength),
    (post("Transfer-Encoding: chunked\r\nContent-Length: 6"), .conflictingLength),
    (post("Content-Length: 6\r\nTransfer-Encoding:\tchunked"), .conflictingLength),
    (post("Content-Length: 6\r\nTransfer-Encoding: identity"), .conflictingLength),
    (post("Content-Length: 6\r\nTransfer-Encoding:"), .conflictingLength),
    // Lengths that are no numbers.
    (post("Content-Length: +6"), .invalidContentLength),
    (post("Content-Length: -6"), .invalidContentLength),
    (post("Content-Length: 0x6"), .invalidContentLength),
    (post("Content-Length: 6 6"), .invalidContentLength),
    (post("Content-Length: 6;"), .invalidContentLength),
    (post("Content-Length: 6.0"), .invalidContentLength),
    (post("Content-Length: 1e1"), .invalidContentLength),
    (post("Content-Length:"), .invalidContentLength),
    (post("Content-Length: \u{FF16}"), .invalidContentLength),
    (post("Content-Length: 99999999999999999999"), .invalidContentLength),
    (post("Content-Length: 18446744073709551622"), .invalidContentLength),
    (post("Content-Length : 6"), .invalidField),
    (post("Content-Length\t: 6"), .invalidField),
    (post("Content-Length: 6\u{B}"), .invalidField),
    // Codings that do not end in one `chunked`.
    (post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), .invalidTransferCoding),
    (post("Transfer-Encoding: chunked, chunked"), .invalidTransferCoding),
    (post("Transfer-Encoding: chunked, identity"), .invalidTransferCoding),
    (post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), .invalidTransferCoding),
    (post("Transfer-Encoding: identity"), .invalidTransferCoding),
    (post("Transfer-Encoding: gzip"), .invalidTransferCoding),
    (post("Transfer-Encoding: xchunked"), .invalidTransferCoding),
    (post("Transfer-Encoding: chunkedx"), .invalidTransferCoding),
    (post("Transfer-Encoding: chunked;q=1"), .invalidTransferCoding),
    (post("Transfer-Encoding: \"chunked\""), .invalidTransferCoding),
    (post("Transfer-Encoding: chunked,"), .invalidTransferCoding),
    (post("Transfer-Encoding: ,chunked"), .invalidTransferCoding),
    (post("Transfer-Encoding: chun ked"), .invalidTransferCoding),
    (post("Transfer-Encoding:"), .invalidTransferCoding),
    (post("Transfer-Encoding: gzip, chunked"), .unsupportedTransferCoding),
    (post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"), .unsupportedTransferCoding),
    ("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", .invalidTransferCoding),
    // Names and values in disguise.
    (post("Transfer-Encoding : chunked"), .invalidField),
    (post("\tTransfer-Encoding: chunked"), .foldedField),
    (post("X: y\r\n Transfer-Encoding: chunked"), .foldedField),
    (post("Transfer-Encoding:\r\n chunked"), .foldedField),
    (post("Transfer-Encoding\r\n: chunked"), .invalidField),
    (post("Transfer-Encoding: \u{B}chunked"), .invalidField),
    (post("Transfer-Encoding: chunked\u{C}"), .invalidField),
    (post("Transfer-Encoding: chunked\u{0}"), .invalidField),
    (post("Transfer-Encoding\u{0}: chunked"), .invalidField),
    (post("Transfer\u{1F}Encoding: chunked"), .invalidField),
    (post("Transfer\u{E9}Encoding: chunked"), .invalidField),
    (post("\"Transfer-Encoding\": chunked"), .invalidField),
    (post("X: a\u{0}b"), .invalidField),
    (post("X: a\u{7F}b"), .invalidField),
    (post("X"), .invalidField),
    (post(": y"), .invalidField),
    // Line ends that some readers take.
    (post("X: y\nTransfer-Encoding: chunked"), .bareLineFeed),
    (post("X: y\rTransfer-Encoding: chunked"), .bareCarriageReturn),
    (post("X: y\r\r\nTransfer-Encoding: chunked"), .bareCarriageReturn),
    (post("X: y\r\n\rTransfer-Encoding: chunked"), .bareCarriageReturn),
    ("POST / HTTP/1.1\r\nHost: h\r\n\n", .bareLineFeed),
    ("POST / HTTP/1.1\nHost: h\n\n", .bareLineFeed),
    ("POST / HTTP/1.1\rHost: h\r\r", .bareCarriageReturn),
    // Two hosts, also behind an absolute target.
    ("GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", .invalidHost),
    ("GET http://h/ HTTP/1.1\r\nHost: h\r\nHost: other\r\n\r\n", .invalidHost),
    ("GET http://h/ HTTP/1.1\r\nHost: h/x\r\n\r\n", .invalidHost),
    ("GET http://h/ HTTP/1.1\r\n\r\n", .invalidHost),
    // Chunks.
    (chunked("G\r\n"), .invalidChunk),
    (chunked("\r\n"), .invalidChunk),
    (chunked(" 1\r\na\r\n"), .invalidChunk),
    (chunked("1 \r\na\r\n"), .invalidChunk),
    (chunked("1\t\r\na\r\n"), .invalidChunk),
    (chunked("-1\r\na\r\n"), .invalidChunk),
    (chunked("+1\r\na\r\n"), .invalidChunk),
    (chunked("0x1\r\na\r\n"), .invalidChunk),
    (chunked("1_0\r\na\r\n"), .invalidChunk),
    (chunked("\u{FF11}\r\na\r\n"), .invalidChunk),
    (chunked("1,\r\na\r\n"), .invalidChunk),
    (chunked("FFFFFFFFFFFFFFFF\r\n"), .invalidChunk),
    (chunked("10000000000000001\r\na\r\n"), .invalidChunk),
    (chunked("0000000000000001\r\na\r\n"), .invalidChunk),
    (chunked("FFFFFFFFFFFFFFF1\r\na\r\n"), .invalidChunk),
    (chunked("1\na\r\n"), .bareLineFeed),
    (chunked("1\r\na\n"), .invalidChunk),
    (chunked("1\r\na\r0"), .invalidChunk),
    (chunked("1\r\nab"), .invalidChunk),
    (chunked("1\ra\r\n"), .bareCarriageReturn),
    (chunked("1\r\na0\r\n\r\n"), .invalidChunk),
    (chunked("1;\r\na\r\n"), .invalidChunk),
    (chunked("1;a \r\na\r\n"), .invalidChunk),
    (chunked("1;a=\r\na\r\n"), .invalidChunk),
    (chunked("1;=b\r\na\r\n"), .invalidChunk),
    (chunked("1;a=b c\r\na\r\n"), .invalidChunk),
    (chunked("1;a=\"b\r\na\r\n"), .invalidChunk),
    (chunked("1;a=\"b\\\r\na\r\n"), .invalidChunk),
    (chunked("1;a=\"b\"c\r\na\r\n"), .invalidChunk),
    (chunked("1;a\u{0}\r\na\r\n"), .invalidChunk),
    (chunked("1;a\nb\r\na\r\n"), .bareLineFeed),
    (chunked("1;a\rb\r\na\r\n"), .bareCarriageReturn),
    (chunked("1;\(String(repeating: "a", count: 300))\r\na\r\n"), .invalidChunk),
    // Trailers.
    (chunked("0\r\nA : b\r\n\r\n"), .invalidField),
    (chunked("0\r\nA: b\r\n c\r\n\r\n"), .foldedField),
    (chunked("0\r\nA: b\n\r\n"), .bareLineFeed),
    (chunked("0\r\nA: \u{0}\r\n\r\n"), .invalidField),
    (chunked("0\r\n\n"), .bareLineFeed),
]

private let smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"

private func post(_ fields: String) -> String {
    "POST /attack HTTP/1.1\r\nHost: h\r\n\(fields)\r\n\r\n"
}

private func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked") + body }

@Suite(.timeLimit(.minutes(1))) struct SmugglingTests {
    @Test(arguments: attacks)
    func `an ambiguous request is refused wherever it is cut`(request: String, error: HTTPParseError) {
        for pieces in splits(of: Array(request.utf8)) {
            #expect(throws: error) { try requests(in: pieces) }
        }
    }

    @Test func `nothing behind an ambiguous request is ever answered`() async throws {
        let seen = Monitor<[String]>([])
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { request in
            seen.update { $0.append(request.path) }
            return .now(.text(request.path))
        }
        try await withServer(answer: answer) { port in
            for (request, error) in attacks {
                let client = try RawClient(port: port)
                await client.send(request + smuggled + smuggled)
                let text = await client.receiveAll()
                #expect(text.hasPrefix("HTTP/1.1 \(error.status) "), "\(request)")
                #expect(text.components(of: "HTTP/1.1 ") == 1, "\(request)")
                #expect(text.contains("Connection: close\r\n"), "\(request)")
            }
        }
        #expect(seen.withLock { $0 } == [])
    }

    @Test(arguments: [
        (post("Content-Length: 6") + "GET /s", ["/attack:6"]),
        (post("Content-Length: 000006") + "GET /s", ["/attack:6"]),
        (post("Transfer-Encoding:\tchunked \t") + "6\r\nGET /s\r\n0\r\n\r\n", ["/attack:6"]),
        (post("Transfer-Encoding: CHUNKED") + "6\r\nGET /s\r\n0\r\n\r\n", ["/attack:6"]),
        (post("X-Transfer-Encoding: chunked\r\nTransfer_Encoding: chunked"), ["/attack:0"]),
        (
            chunked("06;a;b=c ; d = \"e;\\\"\\r\"\r\nGET /s\r\n000;x\r\nContent-Length: 9\r\nHost: other\r\n\r\n"),
            ["/attack:6"]
        ),
        (chunked("a\r\n0123456789\r\nA\r\n0\r\n\r\n01234\r\n0\r\n\r\n"), ["/attack:20"]),
        ("GET /attack HTTP/1.1\r\nHost: h\r\n\r\n", ["/attack:0"]),
    ])
    func `what is not ambiguous ends where it says`(request: String, found: [String]) throws {
        for pieces in splits(of: Array((request + smuggled).utf8)) {
            let described = try requests(in: pieces).map { "\($0.head.target.path):\($0.body.count)" }
            #expect(described == found + ["/smuggled:0"])
        }
    }

    @Test func `extensions of all chunks together are bounded`() {
        let chunk = "1;\(String(repeating: "x", count: 200))\r\na\r\n"
        #expect(throws: HTTPParseError.invalidChunk) {
            try requests(in: [Array(chunked(String(repeating: chunk, count: 100)).utf8)])
        }
        #expect(throws: Never.self) { try requests(in: [Array(chunked(String(repeating: chunk, count: 50)).utf8)]) }
    }
}
