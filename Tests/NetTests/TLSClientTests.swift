import Flow
import Glibc
import Secrets
import Testing

@testable import Net

@Suite(.timeLimit(.minutes(1))) struct TLSClientTests {
    private let name: @Sendable (HTTPRequest) -> HTTPReply = { .now(.text($0.path)) }

    /// Asks a server that shows a certificate.
    private func ask(
        _ certificate: TestCertificate, host: String = "127.0.0.1", _ trust: ServerTrust, scheme: String = "https"
    ) async throws -> String {
        let tls = ServerTLS(certificate.server)
        var answer = ""
        try await withServer({ $0.addresses[0].tls = tls }, answer: name) { port in
            let client = HTTPClient(base: try URLParts("\(scheme)://\(host):\(port)"), trust: trust)
            answer = String(decoding: try await client.send("GET", "/a").body, as: UTF8.self)
        }
        return answer
    }

    /// A file that goes with its owner.
    private final class File {
        let path: String

        init(_ bytes: [UInt8]) throws {
            var template = Array("/tmp/hearsay-test-XXXXXX".utf8CString)
            let file = unsafe mkstemp(&template)
            guard file >= 0, unsafe write(file, bytes, bytes.count) == bytes.count
            else { throw RawClient.Failure(code: errno) }
            close(file)
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        deinit { unsafe unlink(path) }
    }

    private func refusal(_ reason: CertificateRefusal.Reason, _ certificate: TestCertificate) -> ClientError {
        .certificate(CertificateRefusal(reason: reason, fingerprint: certificate.server.certificate.fingerprint))
    }

    @Test func `a pinned certificate is accepted for any host, and another one is not`() async throws {
        let (certificate, other) = (try TestCertificate(names: ["elsewhere"]), try TestCertificate())
        #expect(try await ask(certificate, certificate.trust) == "/a")
        let expected = other.server.certificate.fingerprint
        await #expect(throws: refusal(.changed(expected: [expected]), certificate)) {
            try await ask(certificate, other.trust)
        }
    }

    @Test func `a certificate that nobody vouches for is refused`() async throws {
        let certificate = try TestCertificate()
        await #expect(throws: refusal(.unknownIssuer, certificate)) { try await ask(certificate, ServerTrust()) }
    }

    @Test func `a file of authorities vouches for its hosts and addresses only`() async throws {
        let certificate = try TestCertificate(names: ["localhost", "127.0.0.1"])
        let file = try File(certificate.made.certificate)
        let trust = ServerTrust(authorityPath: file.path)
        #expect(try await ask(certificate, trust) == "/a")
        #expect(try await ask(certificate, host: "localhost", trust) == "/a")
        let elsewhere = try TestCertificate(names: ["box.example", "10.9.8.7"])
        let otherFile = try File(elsewhere.made.certificate)
        for host in ["127.0.0.1", "localhost"] {
            await #expect(throws: refusal(.wrongHost(names: ["box.example", "10.9.8.7"]), elsewhere)) {
                try await ask(elsewhere, host: host, ServerTrust(authorityPath: otherFile.path))
            }
        }
    }

    @Test func `an expired certificate is refused although its authority is known`() async throws {
        let past = WallTime.now().secondsSince1970 - SelfSignedCertificate.lifetime - 3600
        let certificate = try TestCertificate(now: past)
        let file = try File(certificate.made.certificate)
        await #expect(throws: refusal(.expired(at: certificate.server.certificate.validUntil), certificate)) {
            try await ask(certificate, ServerTrust(authorityPath: file.path))
        }
    }

    @Test func `a file without authorities is told before anything is sent`() async throws {
        let certificate = try TestCertificate()
        let file = try File(Array("nothing".utf8))
        await #expect(throws: ClientError.badAuthorities(.noCertificate)) {
            try await ask(certificate, ServerTrust(authorityPath: file.path))
        }
    }

    @Test func `http to a port with TLS, and https to one without, are told apart`() async throws {
        let certificate = try TestCertificate()
        #expect(try await ask(certificate, ServerTrust(), scheme: "http").hasPrefix("this port answers https only"))
        try await withServer(answer: name) { port in
            let client = HTTPClient(base: try URLParts("https://127.0.0.1:\(port)"), trust: certificate.trust)
            await #expect(throws: ClientError.tlsFailed(.notTLS)) { try await client.send("GET", "/") }
        }
    }

    @Test func `a WebSocket with TLS echoes large messages whole`() async throws {
        let certificate = try TestCertificate()
        let tls = ServerTLS(certificate.server)
        let larger: (inout ServerOptions) -> Void = { options in
            options.addresses[0].tls = tls
            options.limits.messageBytes = 16 << 20
        }
        try await withServer(larger, answer: webSockets(kind: .blob, echo)) { port in
            let socket = try await WebSocketClient.connect(
                to: "wss://127.0.0.1:\(port)/", trust: certificate.trust, kind: .blob)
            for size in [0, 1, 125, 126, 16_383, 16_384, 16_385, 65_536, 4 << 20] {
                var message = [UInt8](0...250)
                while message.count < size { message += message }
                message = Array(message[..<size])
                socket.send(binary: message)
                #expect(await socket.receive() == .binary(message))
            }
            socket.close()
        }
    }
}
