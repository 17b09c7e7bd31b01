import Flow
import Secrets
import Testing

@testable import Net

@Suite(.timeLimit(.minutes(1))) struct TLSServerTests {
    private let path: @Sendable (HTTPRequest) -> HTTPReply = { request in
        .now(.text("\(request.isSecure) \(request.path)"))
    }

    /// Runs a server with TLS.
    private func withTLS(
        _ certificate: TestCertificate, _ configure: @escaping (inout ServerOptions) -> Void = { _ in },
        answer: @escaping @Sendable (HTTPRequest) -> HTTPReply, _ body: (_ port: Int, ServerTLS) async throws -> Void
    ) async throws {
        let tls = ServerTLS(certificate.server)
        try await withServer(
            { options in
                options.addresses[0].tls = tls
                configure(&options)
            }, answer: answer
        ) { port in try await body(port, tls) }
    }

    private let request = Array("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".utf8)

    @Test func `a request over TLS is answered, and the connection ends with a farewell`() async throws {
        let certificate = try TestCertificate()
        try await withTLS(certificate, answer: path) { port, _ in
            let client = try TLSClient(port: port, trust: certificate.trust)
            #expect(await client.handshake() == .done(0))
            await client.send(request)
            let (text, end) = await client.receiveAll()
            #expect(text.hasSuffix("true /a"))
            #expect(end == .ended)
        }
    }

    @Test func `a large body comes whole in both directions`() async throws {
        let certificate = try TestCertificate()
        // A period that divides no record, so that a lost or repeated one shows.
        var body = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        while body.count < 16_000_000 { body += body }
        let larger: (inout ServerOptions) -> Void = { $0.limits.bodyBytes = 32 << 20 }
        let echo: @Sendable (HTTPRequest) -> HTTPReply = { .now(HTTPResponse(status: 200, body: $0.body)) }
        try await withTLS(certificate, larger, answer: echo) { port, _ in
            let client = try TLSClient(port: port, trust: certificate.trust)
            _ = await client.handshake()
            let head = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(body.count)\r\n\r\n"
            await client.send(Array(head.utf8) + body)
            #expect(await client.receiveBody() == body)
        }
    }

    @Test func `plain HTTP is sent to https, and what names no host is refused`() async throws {
        let certificate = try TestCertificate()
        try await withTLS(certificate, answer: path) { port, _ in
            let good = try RawClient(port: port)
            await good.send("POST /a?b=c HTTP/1.1\r\nHost: box.local:7780\r\nContent-Length: 2\r\n\r\nok")
            let answer = await good.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 308 "))
            #expect(answer.contains("\r\nLocation: https://box.local:7780/a?b=c\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            let bad = try RawClient(port: port)
            await bad.send("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n")
            #expect(await bad.receiveAll().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test(arguments: [
        ("example.org", true), ("10.0.0.1:7780", true), ("[::1]", true), ("[::1]:7780", true), ("", false),
        ("a b", false), ("a/b", false), ("a@b", false), ("h:port", false), ("h:", false), ("::1", false),
    ])
    func `a redirect goes only to what may be a host`(host: String, isHost: Bool) {
        #expect(HTTPSRedirect.isHost(host) == isHost)
    }

    @Test func `a silent connection, and a handshake that stops anywhere, are closed in time`() async throws {
        let certificate = try TestCertificate()
        let short: (inout ServerOptions) -> Void = { $0.handshakeDeadline = .milliseconds(50) }
        let hello = try clientHello()
        try await withTLS(certificate, short, answer: path) { port, _ in
            for count in [0, 1, 4, 5, 6, 43, hello.count - 1] {
                let client = try RawClient(port: port)
                await client.send(Array(hello[..<count]))
                #expect(await client.receiveBytes().isEmpty)
            }
            let whole = try RawClient(port: port)
            await whole.send(hello)
            #expect(await whole.receiveBytes().first == 22)
        }
    }

    @Test func `what looks like TLS and is none ends with an alert`() async throws {
        let certificate = try TestCertificate()
        try await withTLS(certificate, answer: path) { port, _ in
            for garbage in [[22, 3, 1, 0, 4, 9, 9, 9, 9], [22] + [UInt8](repeating: 255, count: 600)] as [[UInt8]] {
                let client = try RawClient(port: port)
                await client.send(garbage)
                await client.endSending()
                let answer = await client.receiveBytes()
                #expect(answer.isEmpty || answer[0] == 21)
            }
            let client = try TLSClient(port: port, trust: certificate.trust)
            #expect(await client.handshake() == .done(0))
        }
    }

    @Test func `more handshakes than allowed are turned away, and connections that stand do not count`() async throws {
        let certificate = try TestCertificate()
        try await withTLS(certificate, { $0.limits.handshakes = 1 }, answer: path) { port, _ in
            let standing = try TLSClient(port: port, trust: certificate.trust)
            #expect(await standing.handshake() == .done(0))
            let slow = try RawClient(port: port)
            await slow.send(Array(try clientHello()))
            // Its answer has come, so its handshake is under way.
            #expect(await slow.receive(atMost: 1) == [22])
            let late = try TLSClient(port: port, trust: certificate.trust)
            #expect(await late.handshake() == .failed(.cutOff))
            await standing.send(request)
            #expect(await standing.receiveAll().text.hasSuffix("true /a"))
        }
    }

    @Test func `a new certificate is shown to new connections, and old ones go on`() async throws {
        let (first, second) = (try TestCertificate(), try TestCertificate())
        try await withTLS(first, answer: path) { port, tls in
            let old = try TLSClient(port: port, trust: first.trust)
            #expect(await old.handshake() == .done(0))
            tls.replace(by: second.server)
            let new = try TLSClient(port: port, trust: second.trust)
            #expect(await new.handshake() == .done(0))
            await old.send(request)
            #expect(await old.receiveAll().text.hasSuffix("true /a"))
        }
    }

    /// What a client begins with.
    private func clientHello() throws -> [UInt8] {
        let pair = try SocketPair()
        var session = TLSSession(try TLSClientContext(trust: ServerTrust()), socket: pair.near, host: "localhost")
        #expect(session?.handshake(now: 0) == .wantsReading)
        return pair.receivedByFar
    }
}
