import Flow
import Testing

@testable import Net

/// Peers that send too much, or take too little.
@Suite(.timeLimit(.minutes(1))) struct FloodTests {
    private let upgrade = Array(
        ("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").utf8)
    private let close: [UInt8] = [0x88, 0x80, 0, 0, 0, 0]

    /// A masked ping with one byte, under a key of zeros.
    private func ping(_ number: Int) -> [UInt8] { [0x89, 0x81, 0, 0, 0, 0, UInt8(truncatingIfNeeded: number)] }

    private func pongs(in bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count - 2, by: 3).compactMap { bytes[$0] == 0x8A ? bytes[$0 + 2] : nil }
    }

    @Test func `a fair number of pings in one piece is answered one by one`() async throws {
        try await withServer(answer: webSockets(echo)) { port in
            let client = try RawClient(port: port)
            await client.send(upgrade + (0..<10).flatMap(ping) + close)
            _ = await client.receive(until: "\r\n\r\n")
            #expect(pongs(in: await client.receiveBytes()) == Array(0..<10))
        }
    }

    @Test func `of a flood of pings the newest is answered and few others`() async throws {
        try await withServer(answer: webSockets(echo)) { port in
            let client = try RawClient(port: port)
            await client.send(upgrade)
            _ = await client.receive(until: "\r\n\r\n")
            await client.send((0..<100_000).flatMap(ping))
            await client.send(ping(77))
            var received: [UInt8] = []
            while received.last != 77 { received += await client.receive() }
            #expect(pongs(in: received).count < 20_000)
        }
    }

    @Test func `a peer that takes nothing gets one pong when it takes again`() {
        var ration = PongRation()
        let answeredNow = [ration.mayAnswer([1], isBlocked: true), ration.mayAnswer([2], isBlocked: true)]
        let answeredLate = [ration.takeLate(), ration.takeLate()]
        #expect(answeredNow == [false, false])
        #expect(answeredLate == [[2], nil])
    }

    @Test func `a message in too many pieces is closed with 1009 and names the limit`() async throws {
        try await withServer({ $0.limits.fragmentCount = 3 }, answer: webSockets(echo)) { port in
            let client = try RawClient(port: port)
            let piece: [UInt8] = [0x00, 0x80, 0, 0, 0, 0]
            await client.send(upgrade + [0x01, 0x80, 0, 0, 0, 0] + piece + piece + piece)
            _ = await client.receive(until: "\r\n\r\n")
            let answer = await client.receiveBytes()
            #expect(answer.prefix(4).elementsEqual([0x88, UInt8(answer.count - 2), 0x03, 0xF1]))
            #expect(String(decoding: answer.dropFirst(4), as: UTF8.self) == "too many fragments (limit fragments)")
        }
    }

    @Test func `requests of a client that reads nothing stay in the kernel`() async throws {
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { _ in
            .now(.text(String(repeating: "a", count: 1_000)))
        }
        try await withServer({ $0.stallDeadline = .milliseconds(500) }, answer: answer) { port in
            let client = try RawClient(port: port)
            let requests = Array(String(repeating: "GET / HTTP/1.1\r\nHost: h\r\n\r\n", count: 4_000).utf8)
            let accepted = await client.flood(requests, atMost: 256 << 20)
            // The kernel's buffers hold 10 MB at most.
            #expect(accepted < 24 << 20)
        }
    }

    @Test func `unfinished bodies are bounded together, and small ones get through`() async throws {
        try await withServer({ $0.limits.inputBytes = 1 << 20 }, answer: { .now(.text($0.path)) }) { port in
            let head = Array("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 800000\r\n\r\n".utf8)
            let (first, second) = (try RawClient(port: port), try RawClient(port: port))
            await first.send(head + [UInt8](repeating: 1, count: 700_000))
            await second.send(head + [UInt8](repeating: 1, count: 700_000))
            let small = try RawClient(port: port)
            await small.send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok")
            #expect(await small.receive(until: "/b").hasPrefix("HTTP/1.1 200 "))
            let rest = [UInt8](repeating: 1, count: 100_000)
            await first.send(rest)
            await second.send(rest)
            let answers = [await first.receive(), await second.receive()].map { String(decoding: $0, as: UTF8.self) }
            #expect(answers.count { $0.hasPrefix("HTTP/1.1 200 ") } == 1)
            #expect(answers.count { $0.hasPrefix("HTTP/1.1 503 ") } == 1)
        }
    }

    @Test(arguments: [
        ("GET /\(String(repeating: "a", count: 2_000)) HTTP/1.1\r\n", "limit head_bytes"),
        ("GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "A: b\r\n", count: 20), "limit fields"),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1025\r\n\r\n", "limit body_bytes"),
    ])
    func `a request above a limit is refused by its name`(request: String, name: String) async throws {
        let small: (inout ServerOptions) -> Void = { options in
            options.limits.headBytes = 1_024
            options.limits.fieldCount = 16
            options.limits.bodyBytes = 1_024
        }
        try await withServer(small, answer: { .now(.text($0.path)) }) { port in
            let client = try RawClient(port: port)
            await client.send(request)
            #expect(await client.receiveAll().contains(name))
        }
    }
}

extension RawClient {
    /// Sends the same again and again until the server closes.
    ///
    /// - Returns: How many bytes were taken.
    func flood(_ bytes: [UInt8], atMost limit: Int) -> Int {
        var accepted = 0
        while accepted < limit {
            let count = send(once: bytes[...])
            guard count > 0 else { break }
            accepted += count
        }
        return accepted
    }
}
