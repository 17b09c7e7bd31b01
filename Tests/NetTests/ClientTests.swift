import Flow
import Testing

@testable import Net

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    private func client(_ port: Int, host: String = "127.0.0.1") throws -> HTTPClient {
        HTTPClient(base: try URLParts("http://\(host):\(port)"), bearer: "secret")
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `a request and its answer arrive whole`(host: String) async throws {
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { request in
            .now(
                HTTPResponse(
                    status: 201, fields: ["X-Seen": "\(request.fields["Authorization"] ?? "") \(request.path)"],
                    body: request.body))
        }
        try await withServer(answer: answer) { port in
            let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
            let response = try await client(port, host: host).send("POST", "/a%20b?c=d", body: body)
            #expect(response.status == 201)
            #expect(response.fields["X-Seen"] == "Bearer secret /a b")
            #expect(response.body == body)
        }
    }

    @Test func `a streamed answer comes piece by piece to its end`() async throws {
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { _ in
            .stream(HTTPResponse(status: 200)) { writer in
                for number in 0..<5 { try? await writer.write(Array("data: \(number)\n\n".utf8)) }
            }
        }
        try await withServer(answer: answer) { port in
            let stream = try await client(port).stream("GET", "/")
            var text = ""
            while let piece = try await stream.next() { text += String(decoding: piece, as: UTF8.self) }
            #expect(text == (0..<5).map { "data: \($0)\n\n" }.joined())
        }
    }

    @Test func `letting go of a stream ends it at the server`() async throws {
        let ended = Latch()
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { _ in
            .stream(HTTPResponse(status: 200)) { writer in
                while (try? await writer.write([UInt8](repeating: 0, count: 1000))) != nil {}
                ended.open()
            }
        }
        try await withServer(answer: answer) { port in
            var stream: HTTPBodyStream? = try await client(port).stream("GET", "/")
            #expect(try await stream?.next()?.isEmpty == false)
            stream = nil
            await ended.wait()
        }
    }

    @Test func `the time for a connection counts apart from the time for the answer`() async throws {
        // Somebody accepts and says nothing, so that TLS never stands, and over plain HTTP the answer never comes.
        let server = try RawServer()
        let secure = HTTPClient(base: try URLParts("https://127.0.0.1:\(server.port)"))
        await #expect(throws: ClientError.timedOut) {
            try await secure.send("GET", "/", timeout: .seconds(3_600), connectTimeout: .milliseconds(50))
        }
        await #expect(throws: ClientError.timedOut) {
            try await client(server.port).send("GET", "/", timeout: .milliseconds(50), connectTimeout: .seconds(3_600))
        }
    }

    @Test func `nobody there, no answer and cancellation are told apart`() async throws {
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { _ in
            .later {
                await Latch().wait()
                return .text("")
            }
        }
        var closedPort = 0
        try await withServer(answer: answer) { port in
            closedPort = port
            let client = try client(port)
            await #expect(throws: ClientError.timedOut) {
                try await client.send("GET", "/", timeout: .milliseconds(50))
            }
            await #expect(throws: ClientError.refused(status: 404)) {
                try await WebSocketClient.connect(to: "ws://127.0.0.1:\(try await notFound())/")
            }
            let task = Task { try await client.send("GET", "/") }
            task.cancel()
            await #expect(throws: ClientError.cancelled) { try await task.value }
        }
        let gone = try client(closedPort)
        await #expect(throws: ClientError.unreachable("127.0.0.1:\(closedPort)")) { try await gone.send("GET", "/") }
        await #expect(throws: ClientError.self) {
            try await HTTPClient(base: URLParts("http://h.invalid")).send("GET", "/")
        }
    }

    /// A server that knows nothing, left to end with the test's process.
    private func notFound() async throws -> Int {
        let server = try HTTPServer(
            options: ServerOptions(addresses: [SocketAddress(host: "127.0.0.1", port: 0)]),
            handler: ClosureHandler { _ in .now(HTTPResponse(status: 404)) }, log: Log(label: "net"))
        Task { try await server.run() }
        return server.boundAddresses[0].port
    }

    @Test(arguments: [
        ("http://h", "h", 80, "/"), ("https://h:1/a?b", "h", 1, "/a?b"), ("ws://[::1]:7780", "::1", 7780, "/"),
        ("wss://h?q#f", "h", 443, "/?q"), ("http://[::1]/x", "::1", 80, "/x"),
    ])
    func `a URL is taken apart`(text: String, host: String, port: Int, target: String) throws {
        let parts = try URLParts(text)
        #expect(parts.host == host)
        #expect(parts.port == port)
        #expect(parts.target == target)
    }

    @Test(arguments: ["", "h", "http://", "http://h:0", "http://h:x", "http://a b", "http://u@h", "ftp://h"])
    func `what is no URL of ours is refused`(text: String) {
        #expect(throws: ClientError.self) { try URLParts(text) }
    }
}
