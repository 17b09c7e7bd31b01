import Flow
import Testing

@testable import Net

@Suite(.timeLimit(.minutes(1))) struct HTTPServerTests {
    private let request = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
    private let lastRequest = "GET /z HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    private let path: @Sendable (HTTPRequest) -> HTTPReply = { .now(.text($0.path)) }

    @Test func `requests on one connection are answered in order`() async throws {
        try await withServer(answer: path) { port in
            let client = try RawClient(port: port)
            await client.send(request + "GET /b HTTP/1.1\r\nHost: h\r\n\r\n" + lastRequest)
            let answer = await client.receiveAll()
            #expect(answer.components(of: "HTTP/1.1 200 OK\r\n") == 3)
            #expect(answer.hasSuffix("/z"))
            #expect(answer.contains("Content-Length: 2\r\n\r\n/aHTTP/1.1"))
        }
    }

    @Test func `a request that comes byte by byte is answered`() async throws {
        try await withServer(answer: path) { port in
            let client = try RawClient(port: port)
            for byte in lastRequest.utf8 { await client.send([byte]) }
            #expect(await client.receiveAll().hasSuffix("/z"))
        }
    }

    @Test func `a late answer holds back the pipelined one behind it`() async throws {
        let latch = Latch()
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { request in
            guard request.path == "/a" else {
                return .now(.text(request.path))
            }
            return .later {
                await latch.wait()
                return .text("late")
            }
        }
        try await withServer(answer: answer) { port in
            let client = try RawClient(port: port)
            await client.send(request + lastRequest)
            latch.open()
            let text = await client.receiveAll()
            #expect(text.components(of: "HTTP/1.1 200 OK\r\n") == 2)
            #expect(text.contains("lateHTTP/1.1"))
            #expect(text.hasSuffix("/z"))
        }
    }

    @Test func `a client that goes away cancels the work on its answer`() async throws {
        let (began, cancelled) = (Latch(), Latch())
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { _ in
            .later {
                began.open()
                await Latch().wait()
                cancelled.open()
                return .text("never")
            }
        }
        try await withServer(answer: answer) { port in
            var client: RawClient? = try RawClient(port: port)
            await client?.send(request)
            await began.wait()
            client = nil
            await cancelled.wait()
        }
    }

    @Test func `HEAD is answered with the length and without the body`() async throws {
        try await withServer(answer: path) { port in
            let client = try RawClient(port: port)
            await client.send("HEAD /abc HTTP/1.1\r\nHost: h\r\n\r\n" + lastRequest)
            let text = await client.receiveAll()
            #expect(text.contains("Content-Length: 4\r\n\r\nHTTP/1.1"))
        }
    }

    @Test func `a client that waits for permission gets it before its body`() async throws {
        try await withServer(answer: { .now(.text(String(decoding: $0.body, as: UTF8.self))) }) { port in
            let client = try RawClient(port: port)
            await client.send(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
            #expect(await client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            await client.send("ok")
            #expect(await client.receiveAll().hasSuffix("\r\n\r\nok"))
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\n\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n", 413),
        ("GET /\(String(repeating: "a", count: 20000))", 414),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: \(String(repeating: "a", count: 20000))", 431),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ])
    func `a malformed request is answered by its status and the end of the connection`(
        text: String, status: Int
    ) async throws {
        try await withServer(answer: path) { port in
            let client = try RawClient(port: port)
            await client.send(text + request)
            let answer = await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(answer.components(of: "HTTP/1.1 ") == 1)
        }
    }

    @Test func `slow heads and bodies are refused and idle connections closed`() async throws {
        let short: (inout ServerOptions) -> Void = { options in
            options.headDeadline = .milliseconds(50)
            options.bodyDeadline = .milliseconds(50)
            options.idleDeadline = .milliseconds(50)
        }
        try await withServer(short, answer: path) { port in
            let (slowHead, slowBody, idle) = (
                try RawClient(port: port), try RawClient(port: port), try RawClient(port: port)
            )
            await slowHead.send("GET / HT")
            await slowBody.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab")
            await idle.send(request)
            #expect(await slowHead.receiveAll().hasPrefix("HTTP/1.1 408 "))
            #expect(await slowBody.receiveAll().hasPrefix("HTTP/1.1 408 "))
            #expect(await idle.receiveAll().hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `a streamed answer is chunked, waits for a slow reader and is cancelled with it`() async throws {
        let (ended, wrote) = (Latch(), Monitor(0))
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { request in
            .stream(HTTPResponse(status: 200, fields: ["Content-Type": "text/event-stream"])) { writer in
                let piece = [UInt8](repeating: 0x61, count: 16 * 1024)
                for _ in 0..<(request.path == "/z" ? 3 : Int.max) {
                    guard (try? await writer.write(piece)) != nil else { break }
                    wrote.update { $0 += 1 }
                }
                if request.path != "/z" { ended.open() }
            }
        }
        try await withServer(answer: answer) { port in
            let whole = try RawClient(port: port)
            await whole.send(lastRequest)
            let text = await whole.receiveAll()
            #expect(text.contains("Transfer-Encoding: chunked\r\n"))
            #expect(text.components(of: "\r\n4000\r\n") == 3)
            #expect(text.hasSuffix("\r\n0\r\n\r\n"))
            var endless: RawClient? = try RawClient(port: port)
            await endless?.send(request)
            #expect(await endless?.receive(until: "200 OK").isEmpty == false)
            endless = nil
            await ended.wait()
        }
    }

    @Test func `a client of HTTP 1 0 gets no chunks and is told when the connection stays`() async throws {
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { request in
            guard request.path == "/stream" else { return .now(.text(request.path)) }
            return .stream(HTTPResponse(status: 200, body: Array("a".utf8))) { try? await $0.write(Array("b".utf8)) }
        }
        try await withServer(answer: answer) { port in
            let client = try RawClient(port: port)
            await client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            await client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let text = await client.receiveAll()
            #expect(text.components(of: "Connection: keep-alive\r\n") == 1)
            #expect(text.hasSuffix("Connection: close\r\n\r\nab"))
        }
    }

    @Test func `stopping lets a request finish and refuses new connections`() async throws {
        let (began, release) = (Latch(), Latch())
        let options = ServerOptions(addresses: [SocketAddress(host: "127.0.0.1", port: 0)])
        let handler = ClosureHandler { _ in
            .later {
                began.open()
                await release.wait()
                return .text("finished")
            }
        }
        let server = try HTTPServer(options: options, handler: handler, log: Log(label: "net"))
        let port = server.boundAddresses[0].port
        let running = Task { try await server.run() }
        let client = try RawClient(port: port)
        await client.send(request)
        await began.wait()
        running.cancel()
        let idle = try? RawClient(port: port)
        release.open()
        #expect(await client.receiveAll().hasSuffix("finished"))
        #expect(await idle?.receiveAll() ?? "" == "")
        try await running.value
        #expect(server.connectionCount == 0)
    }

    @Test func `a second server on the same port says so`() async throws {
        try await withServer(answer: path) { port in
            let address = SocketAddress(host: "127.0.0.1", port: port)
            #expect(throws: ServerError.addressInUse(address)) {
                try HTTPServer(
                    options: ServerOptions(addresses: [address]), handler: ClosureHandler(answer: path),
                    log: Log(label: "net"))
            }
        }
    }

    @Test func `a connection above the limit is refused with 503`() async throws {
        try await withServer({ $0.limits.connections = 1 }, answer: path) { port in
            let first = try RawClient(port: port)
            await first.send(request)
            _ = await first.receive(until: "/a")
            #expect(await (try RawClient(port: port)).receiveAll().hasPrefix("HTTP/1.1 503 "))
        }
    }
}

extension String {
    /// How often `part` occurs.
    func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let found = rest.firstRange(of: part) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
