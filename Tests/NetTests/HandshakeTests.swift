import Testing

@testable import Net

@Suite struct HandshakeTests {
    private let fields: HTTPFields = [
        "Host": "h", "Upgrade": "WebSocket", "Connection": "keep-alive, Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "hearsay.v1, bearer.x",
    ]

    private func detect(_ fields: HTTPFields, method: String = "GET") -> Result<WebSocketUpgrade, HTTPResponse>? {
        WebSocketUpgrade.detect(HTTPRequest(method: method, path: "/", fields: fields))
    }

    @Test func `the sample of RFC 6455 is accepted`() throws {
        var upgrade = try #require(try detect(fields)?.get())
        #expect(upgrade.offeredProtocols == ["hearsay.v1", "bearer.x"])
        upgrade.selectedProtocol = "hearsay.v1"
        #expect(upgrade.response.fields["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(upgrade.response.fields["Sec-WebSocket-Protocol"] == "hearsay.v1")
    }

    @Test func `a request without an upgrade is none`() {
        #expect(detect(["Host": "h"]) == nil)
        #expect(detect(["Host": "h", "Upgrade": "h2c"]) == nil)
    }

    @Test(arguments: [
        ("Connection", "keep-alive", 400), ("Sec-WebSocket-Key", "short", 400),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ", 400), ("Sec-WebSocket-Version", "8", 426),
    ])
    func `a wrong handshake is refused`(name: String, value: String, status: Int) {
        var fields = fields
        fields.set(name, value)
        guard case .failure(let response)? = detect(fields) else {
            Issue.record("it was accepted")
            return
        }
        #expect(response.status == status)
        #expect(response.fields["Sec-WebSocket-Version"] == (status == 426 ? "13" : nil))
    }

    @Test func `a client accepts only the proof of its own key`() throws {
        let handshake = ClientHandshake(protocols: ["a", "b"], nonce: Array("the sample nonce".utf8))
        #expect(handshake.fields["Sec-WebSocket-Key"] == "dGhlIHNhbXBsZSBub25jZQ==")
        var fields: HTTPFields = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "Sec-WebSocket-Protocol": "b",
        ]
        #expect(try handshake.check(ResponseHead(status: 101, fields: fields)) == "b")
        fields.set("Sec-WebSocket-Protocol", "c")
        #expect(throws: ClientHandshake.Refusal.badAnswer) {
            try handshake.check(ResponseHead(status: 101, fields: fields))
        }
        fields["Sec-WebSocket-Protocol"] = nil
        fields.set("Sec-WebSocket-Accept", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        #expect(throws: ClientHandshake.Refusal.badAnswer) {
            try handshake.check(ResponseHead(status: 101, fields: fields))
        }
        #expect(throws: ClientHandshake.Refusal.status(401)) {
            try handshake.check(ResponseHead(status: 401, fields: [:]))
        }
    }
}

@Suite struct CloseHandshakeTests {
    @Test func `the server ends after both close frames`() {
        var server = CloseHandshake(role: .server)
        #expect(server.close(code: 1000, reason: "done") == .send(code: 1000, reason: "done", thenEnd: false))
        #expect(!server.maySend)
        #expect(server.received(code: 1000, reason: "") == .end)
        #expect(server.outcome == WebSocketClose(code: 1000, reason: "done", wasClean: true))
        #expect(server.close(code: 1001, reason: "") == .nothing)
    }

    @Test func `a close frame is answered by its own code`() {
        var client = CloseHandshake(role: .client)
        #expect(client.received(code: 4401, reason: "why") == .send(code: 4401, reason: "", thenEnd: false))
        #expect(client.outcome == WebSocketClose(code: 4401, reason: "why", wasClean: true))
        var server = CloseHandshake(role: .server)
        #expect(server.received(code: 1001, reason: "") == .send(code: 1001, reason: "", thenEnd: true))
    }

    @Test func `a broken rule ends it without waiting for an answer`() {
        var server = CloseHandshake(role: .server)
        #expect(server.fail(code: 1002, reason: "x") == .send(code: 1002, reason: "x", thenEnd: true))
        #expect(server.outcome == WebSocketClose(code: 1002, reason: "x", wasClean: false))
        #expect(server.received(code: 1000, reason: "") == .nothing)
    }

    @Test func `a connection that just ends is 1006`() {
        #expect(CloseHandshake(role: .client).outcome == WebSocketClose(code: 1006))
    }
}

@Suite struct PingClockTests {
    @Test func `silence is asked about, and no answer ends it`() {
        var clock = PingClock(interval: .seconds(20), timeout: .seconds(5), now: .zero)
        #expect(clock.due(at: .seconds(1)) == .wait(until: .seconds(20)))
        clock.heard(at: .seconds(10))
        #expect(clock.due(at: .seconds(20)) == .wait(until: .seconds(30)))
        #expect(clock.due(at: .seconds(30)) == .ping)
        #expect(clock.due(at: .seconds(31)) == .wait(until: .seconds(35)))
        clock.postpone(at: .seconds(34))
        #expect(clock.due(at: .seconds(35)) == .wait(until: .seconds(39)))
        #expect(clock.due(at: .seconds(39)) == .giveUp)
        clock.heard(at: .seconds(39))
        #expect(clock.due(at: .seconds(40)) == .wait(until: .seconds(59)))
    }
}
