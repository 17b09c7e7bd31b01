import Flow
import Testing

@testable import Net

/// Our client against servers that say what no good server says.
@Suite(.timeLimit(.minutes(1))) struct WebSocketClientTests {
    /// Runs a client against what a server sends behind its handshake.
    private func meet(
        _ bytes: [UInt8], _ body: (_ socket: WebSocket, _ server: RawClient) async throws -> Void
    ) async throws {
        let server = try RawServer()
        async let accepted = server.acceptWebSocket(sending: bytes)
        let socket = try await WebSocketClient.connect(to: "ws://127.0.0.1:\(server.port)/")
        try await body(socket, try await accepted)
    }

    /// The payload of the next frame, which must be masked.
    private func frame(from client: RawClient) async throws -> (first: UInt8, key: [UInt8], payload: [UInt8]) {
        var bytes: [UInt8] = []
        while bytes.count < 6 || bytes.count < 6 + Int(bytes[1] & 0x7F) {
            let more = await client.receive(atMost: 1)
            if more.isEmpty { break }
            bytes += more
        }
        try #require(bytes.count >= 6 && bytes[1] & 0x80 != 0)
        let key = Array(bytes[2..<6])
        return (bytes[0], key, bytes[6...].enumerated().map { $1 ^ key[$0 & 3] })
    }

    @Test func `what comes in one write with the handshake is read`() async throws {
        try await meet(Frame.text("early").bytes) { socket, _ in
            #expect(await socket.receive() == .text("early"))
        }
    }

    @Test func `every frame has a mask of its own`() async throws {
        try await meet([]) { socket, server in
            for _ in 0..<3 { socket.send(binary: [1, 2, 3]) }
            var keys: Set<[UInt8]> = []
            for _ in 0..<3 {
                let frame = try await frame(from: server)
                #expect(frame.first == 0x82 && frame.payload == [1, 2, 3])
                keys.insert(frame.key)
            }
            #expect(keys.count == 3)
        }
    }

    @Test(
        arguments: [
            (Vector(first: 0x81, payload: [0x61]).bytes(at: .server), 1002), ([0xC1, 0x00], 1002),
            ([0x83, 0x00], 1002),
            ([0x09, 0x00], 1002), ([0x80, 0x00], 1002), ([0x82, 0x7E, 0, 125], 1002), ([0x88, 0x01, 3], 1002),
            ([0x88, 0x02, 0x03, 0xED], 1002), ([0x81, 0x02, 0xC3, 0x28], 1007),
            ([0x82, 0x7F, 0, 0, 0, 0, 0x10, 0, 0, 0], 1009),
        ] as [([UInt8], UInt16)])
    func `a server that breaks a rule gets its close code and hears no more`(bytes: [UInt8], code: UInt16) async throws
    {
        try await meet(bytes + Frame.text("more").bytes) { socket, server in
            let close = try await frame(from: server)
            #expect(close.first == 0x88)
            #expect(close.payload.prefix(2).elementsEqual([UInt8(code >> 8), UInt8(code & 0xFF)]))
            #expect(await socket.receive() == nil)
            #expect(await socket.closeStatus?.code == code)
            #expect(await server.receiveBytes() == [])
        }
    }

    @Test func `the server's close frame is answered by its code, and data behind it is not read`() async throws {
        let bytes = Frame.close(4001, reason: "why").bytes + Frame.text("more").bytes
        try await meet(bytes) { socket, server in
            let close = try await frame(from: server)
            #expect(close.first == 0x88 && close.payload == [0x0F, 0xA1])
            await server.endSending()
            #expect(await socket.receive() == nil)
            #expect(await socket.closeStatus == WebSocketClose(code: 4001, reason: "why", wasClean: true))
        }
    }

    @Test func `a ping is answered by its payload, also inside a message`() async throws {
        let bytes: [UInt8] = [0x01, 1, 0x61] + Frame.ping([7, 8]).bytes + [0x80, 1, 0x62]
        try await meet(bytes) { socket, server in
            let pong = try await frame(from: server)
            #expect(pong.first == 0x8A && pong.payload == [7, 8])
            #expect(await socket.receive() == .text("ab"))
        }
    }

    @Test func `a connection that ends without a close frame is 1006`() async throws {
        try await meet([0x81, 0x05, 0x61]) { socket, server in
            await server.endSending()
            #expect(await socket.receive() == nil)
            #expect(await socket.closeStatus == WebSocketClose(code: 1006))
        }
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ClientError.refused(status: 200)),
            ("HTTP/1.1 302 Found\r\nLocation: ws://elsewhere/\r\nContent-Length: 0\r\n\r\n", .refused(status: 302)),
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", .badResponse),
            ("nonsense\r\n\r\n", .badResponse), ("", .closed),
        ] as [(String, ClientError)])
    func `an answer that is no handshake is refused`(answer: String, error: ClientError) async throws {
        let server = try RawServer()
        async let served: Void = {
            let client = try await server.accept()
            _ = await client.receive(until: "\r\n\r\n")
            await client.send(answer)
            await client.endSending()
        }()
        await #expect(throws: error) { try await WebSocketClient.connect(to: "ws://127.0.0.1:\(server.port)/") }
        try await served
    }

    @Test func `a request is not answered by another protocol`() async throws {
        let server = try RawServer()
        async let served: Void = {
            let client = try await server.accept()
            _ = await client.receive(until: "\r\n\r\n")
            await client.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")
        }()
        let client = HTTPClient(base: try URLParts("http://127.0.0.1:\(server.port)"))
        await #expect(throws: ClientError.badResponse) { try await client.send("GET", "/") }
        try await served
    }
}
