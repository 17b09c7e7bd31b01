import Flow
import Testing

@testable import Net

@Suite(.timeLimit(.minutes(1))) struct WebSocketTests {
    private func connect(_ port: Int, protocols: [String] = []) async throws -> WebSocket {
        try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/", protocols: protocols, kind: .blob)
    }

    @Test func `messages of every size are echoed byte by byte`() async throws {
        try await withServer(answer: webSockets(kind: .blob, echo)) { port in
            let socket = try await connect(port, protocols: ["hearsay.v1", "x"])
            #expect(socket.selectedProtocol == "hearsay.v1")
            for count in [0, 1, 125, 126, 65535, 65536, 1 << 20] {
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
                socket.send(binary: bytes)
                #expect(await socket.receive() == .binary(bytes))
            }
            socket.send(text: "gr\u{FC}\u{DF}e \u{1F600}")
            #expect(await socket.receive() == .text("gr\u{FC}\u{DF}e \u{1F600}"))
            socket.close()
            #expect(await socket.receive() == nil)
            #expect(await socket.closeStatus == WebSocketClose(code: 1000, wasClean: true))
        }
    }

    @Test func `many messages sent at once come in order, and the sender is held back`() async throws {
        try await withServer({ $0.loopCount = 2 }, answer: webSockets(kind: .blob, echo)) { port in
            let socket = try await connect(port)
            let count = 2000
            let payload = [UInt8](repeating: 1, count: 1000)
            socket.send((0..<count).map { Frame.binary(payload + Array("\($0)".utf8)) })
            for number in 0..<count {
                #expect(await socket.receive() == .binary(payload + Array("\(number)".utf8)))
            }
        }
    }

    @Test func `a handler that returns closes with 1000`() async throws {
        try await withServer(answer: webSockets { $0.send(text: "bye") }) { port in
            let socket = try await connect(port)
            #expect(await socket.receive() == .text("bye"))
            #expect(await socket.receive() == nil)
            #expect(await socket.closeStatus == WebSocketClose(code: 1000, wasClean: true))
        }
    }

    @Test func `a refusal is accepted and then closed with its code`() async throws {
        let answer: @Sendable (HTTPRequest) -> HTTPReply = { request in
            guard case .success(let upgrade)? = WebSocketUpgrade.detect(request) else { return .now(.text("")) }
            return .refuseWebSocket(upgrade, code: 4401, reason: "unauthenticated")
        }
        try await withServer(answer: answer) { port in
            let socket = try await connect(port)
            #expect(await socket.receive() == nil)
            #expect(await socket.closeStatus == WebSocketClose(code: 4401, reason: "unauthenticated", wasClean: true))
        }
    }

    @Test func `a handler learns that its client went away`() async throws {
        let ended = Monitor<WebSocketClose?>(nil)
        try await withServer(
            answer: webSockets { socket in
                while await socket.receive() != nil {}
                let status = await socket.closeStatus
                ended.update { $0 = status }
            }
        ) { port in
            var client: RawClient? = try RawClient(port: port)
            await client?.send(upgradeRequest)
            _ = await client?.receive(until: "\r\n\r\n")
            client = nil
            let status = await ended.wait { $0 }
            #expect(status?.code == 1006)
            #expect(status?.wasClean == false)
        }
    }

    @Test func `stopping closes every socket with 1001`() async throws {
        let socket = Monitor<WebSocket?>(nil)
        try await withServer(answer: webSockets(echo)) { port in
            let opened = try await connect(port)
            opened.send(text: "x")
            _ = await opened.receive()
            socket.update { $0 = opened }
        }
        let opened = try #require(socket.withLock { $0 })
        #expect(await opened.receive() == nil)
        #expect(await opened.closeStatus?.code == 1001)
        #expect(await opened.closeStatus?.wasClean == true)
    }

    @Test func `a ping is answered behind what was sent before it`() async throws {
        try await withServer(answer: webSockets(echo)) { port in
            let socket = try await connect(port)
            #expect(await socket.ping() != nil)
            socket.close()
            _ = await socket.receive()
            #expect(await socket.ping() == nil)
        }
    }

    @Test func `a peer that never answers a ping is given up`() async throws {
        let short: (inout ServerOptions) -> Void = { options in
            options.pingInterval = .milliseconds(30)
            options.pongTimeout = .milliseconds(30)
        }
        let gone = Latch()
        let answer = webSockets { socket in
            #expect(await socket.ping() == nil)
            while await socket.receive() != nil {}
            gone.open()
        }
        try await withServer(short, answer: answer) { port in
            let client = try RawClient(port: port)
            await client.send(upgradeRequest)
            await gone.wait()
            _ = await client.receiveAll()
        }
    }

    @Test func `urgent frames overtake a backlog, which is discarded by its tag`() async throws {
        let sent = Latch()
        let answer = webSockets { socket in
            let payload = [UInt8](repeating: 1, count: 100_000)
            socket.send((0..<10).map { _ in Frame.binary(payload, tag: 5) })
            _ = await socket.pressure()
            socket.sendUrgent(.text(Array("flush".utf8)), discarding: 5)
            socket.send(text: "after")
            _ = await socket.pressure()
            sent.open()
            while await socket.receive() != nil {}
        }
        try await withServer(answer: answer) { port in
            let client = try RawClient(port: port)
            await client.send(upgradeRequest)
            await sent.wait()
            _ = await client.receive(until: "\r\n\r\n")
            await client.send([0x88, 0x80, 0, 0, 0, 0])
            let bytes = await client.receiveBytes()
            #expect(bytes.count < 1_000_000)
            let end: [UInt8] = [0x81, 5] + Array("flush".utf8) + [0x81, 5] + Array("after".utf8) + [0x88, 0]
            #expect(bytes.suffix(end.count).elementsEqual(end))
        }
    }

    @Test func `a reader that takes nothing is closed with 1013 and bounded until then`() async throws {
        let ended = Monitor<WebSocketClose?>(nil)
        let answer = webSockets { socket in
            let frame = Frame.binary([UInt8](repeating: 1, count: 10_000))
            for _ in 0..<1000 { socket.send(frame) }
            while await socket.receive() != nil {}
            let status = await socket.closeStatus
            ended.update { $0 = status }
        }
        try await withServer(answer: answer) { port in
            let client = try RawClient(port: port)
            await client.send(upgradeRequest)
            #expect(await ended.wait { $0 }?.code == 1013)
        }
    }

    @Test func `a reader that takes nothing for too long is closed with 1013`() async throws {
        let ended = Monitor<WebSocketClose?>(nil)
        let answer = webSockets { socket in
            socket.send(Frame.binary([UInt8](repeating: 1, count: 4_000_000)))
            while await socket.receive() != nil {}
            let status = await socket.closeStatus
            ended.update { $0 = status }
        }
        try await withServer({ $0.stallDeadline = .milliseconds(50) }, answer: answer) { port in
            let client = try RawClient(port: port)
            await client.send(upgradeRequest)
            #expect(await ended.wait { $0 }?.code == 1013)
        }
    }

    @Test func `a handler that does not read holds the sender back`() async throws {
        let release = Latch()
        let received = Monitor(0)
        let answer = webSockets(kind: .blob) { socket in
            await release.wait()
            while await socket.receive() != nil { received.update { $0 += 1 } }
        }
        try await withServer(answer: answer) { port in
            let socket = try await connect(port)
            let frame = Frame.binary([UInt8](repeating: 1, count: 1_000_000))
            for _ in 0..<32 { socket.send(frame) }
            // The kernel's buffers hold 10 MB at most.
            #expect(await socket.pressure().unsentBytes > 10_000_000)
            release.open()
            #expect(await received.wait { $0 == 32 ? true : nil } == true)
        }
    }

    @Test func `a sender that waits for room never has more unsent than it asked for`() async throws {
        let (paused, resumed) = (Latch(), Latch())
        let answer = webSockets(kind: .blob) { socket in
            let frame = Frame.binary([UInt8](repeating: 1, count: 100_000))
            var sent = 0
            while sent < 200 {
                socket.send(frame)
                sent += 1
                if await socket.pressure().unsentBytes > 0 { paused.open() }
                guard await socket.waitForRoom(within: 100_000) else { return }
                #expect(await socket.pressure().unsentBytes <= 100_000)
            }
            resumed.open()
        }
        try await withServer(answer: answer) { port in
            let client = try RawClient(port: port)
            await client.send(upgradeRequest)
            await paused.wait()
            _ = await client.receive(until: "\r\n\r\n")
            #expect(await client.receiveBytes().count > 20_000_000)
            await resumed.wait()
        }
    }

    @Test func `waiting for room ends with the connection`() async throws {
        let ended = Latch()
        let answer = webSockets(kind: .blob) { socket in
            socket.send(Frame.binary([UInt8](repeating: 1, count: 20_000_000)))
            #expect(await !socket.waitForRoom(within: 0))
            ended.open()
        }
        try await withServer(answer: answer) { port in
            var client: RawClient? = try RawClient(port: port)
            await client?.send(upgradeRequest)
            _ = await client?.receive(until: "\r\n\r\n")
            client = nil
            await ended.wait()
        }
    }

    @Test func `what a slow reader holds back is told`() async throws {
        let pressure = Monitor<SendPressure?>(nil)
        let answer = webSockets { socket in
            let frame = Frame.binary([UInt8](repeating: 1, count: 10_000))
            for _ in 0..<80 { socket.send(frame) }
            var first: SendPressure?
            // The kernel takes a while to fill; from then on nothing changes and the time runs.
            while (first?.stalledFor ?? .zero) < .milliseconds(20) { first = await socket.pressure() }
            pressure.update { $0 = first }
        }
        try await withServer(answer: answer) { port in
            let client = try RawClient(port: port)
            await client.send(upgradeRequest)
            let told = try #require(await pressure.wait { $0 })
            #expect(told.unsentBytes > 0)
            #expect(told.unacknowledgedBytes > 0)
            await client.send([0x88, 0x80, 0, 0, 0, 0])
            _ = await client.receiveAll()
        }
    }

    @Test(
        arguments: [
            ([0x81, 0x01, 0x61], 1002), ([0xC1, 0x80, 0, 0, 0, 0], 1002), ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
            ([0x82, 0xFF, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0], 1009), ([0x88, 0x81, 0, 0, 0, 0, 1], 1002),
        ] as [([UInt8], UInt16)])
    func `a broken rule is answered by its close code`(frame: [UInt8], code: UInt16) async throws {
        try await withServer(answer: webSockets(echo)) { port in
            let client = try RawClient(port: port)
            await client.send(Array(upgradeRequest.utf8) + frame)
            _ = await client.receive(until: "\r\n\r\n")
            let answer = await client.receiveBytes()
            #expect(answer.first == 0x88)
            #expect(answer.dropFirst(2).prefix(2).elementsEqual([UInt8(code >> 8), UInt8(code & 0xFF)]))
        }
    }

    @Test func `one frame reaches many sockets`() async throws {
        let sockets = Monitor<[WebSocket]>([])
        let answer = webSockets { socket in
            sockets.update { $0.append(socket) }
            while await socket.receive() != nil {}
        }
        try await withServer({ $0.loopCount = 2 }, answer: answer) { port in
            var clients: [WebSocket] = []
            for _ in 0..<10 { clients.append(try await connect(port)) }
            let all = await sockets.wait { $0.count == 10 ? $0 : nil }
            WebSocket.send(.text(Array("news".utf8)), to: all ?? [])
            for client in clients { #expect(await client.receive() == .text("news")) }
            sockets.update { $0 = [] }
        }
    }

    private let upgradeRequest =
        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
}
