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

    @Test(
        arguments: [
            ("Connection", [], 400), ("Connection", ["keep-alive"], 400), ("Connection", ["upgradex"], 400),
            ("Sec-WebSocket-Key", [], 400), ("Sec-WebSocket-Key", [""], 400), ("Sec-WebSocket-Key", ["short"], 400),
            ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub25jZQ"], 400),
            ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub25jZTE="], 400),
            ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub25j"], 400),
            ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub2!jZQ=="], 400),
            ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="], 400),
            ("Sec-WebSocket-Version", [], 426), ("Sec-WebSocket-Version", ["8"], 426),
            ("Sec-WebSocket-Version", ["13, 8"], 426), ("Sec-WebSocket-Version", ["013"], 426),
            ("Sec-WebSocket-Version", ["13", "13"], 426),
        ] as [(String, [String], Int)])
    func `a wrong handshake is refused`(name: String, values: [String], status: Int) {
        var fields = fields
        fields[name] = nil
        for value in values { fields.append(name, value) }
        guard case .failure(let response)? = detect(fields) else {
            Issue.record("it was accepted")
            return
        }
        #expect(response.status == status)
        // RFC 9110, section 7.8: who sends Upgrade says so in Connection.
        #expect(response.fields["Sec-WebSocket-Version"] == (status == 426 ? "13" : nil))
        #expect(response.fields["Upgrade"] == (status == 426 ? "websocket" : nil))
        #expect(response.fields["Connection"] == (status == 426 ? "Upgrade" : nil))
    }

    @Test func `a handshake is a GET without a body`() {
        for method in ["POST", "HEAD", "PUT", "OPTIONS"] {
            guard case .failure(let response)? = detect(fields, method: method) else {
                Issue.record("\(method) was accepted")
                continue
            }
            #expect(response.status == 400)
        }
        let request = HTTPRequest(method: "GET", path: "/", fields: fields, body: [1])
        guard case .failure? = WebSocketUpgrade.detect(request) else {
            Issue.record("a body was accepted")
            return
        }
    }

    @Test(arguments: [
        ("Upgrade", "WEBSOCKET"), ("Upgrade", "h2c, websocket"), ("Connection", "UPGRADE"),
        ("Connection", "close, Upgrade"),
    ])
    func `tokens are known in any case and any company`(name: String, value: String) throws {
        var fields = fields
        fields.set(name, value)
        #expect(try detect(fields)?.get() != nil)
    }

    @Test func `no extension is agreed to, and no protocol that was not offered`() throws {
        var fields = fields
        fields.append("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
        let response = try #require(try detect(fields)?.get()).response
        #expect(response.fields["Sec-WebSocket-Extensions"] == nil)
        #expect(response.fields["Sec-WebSocket-Protocol"] == nil)
    }

    @Test func `HTTP 1 0 becomes no WebSocket`() throws {
        var text = "GET / HTTP/1.0\r\n"
        for field in fields.lines { text += "\(field.name): \(field.value)\r\n" }
        let head = try #require(try requests(in: [Array((text + "\r\n").utf8)]).first).head
        #expect(detect(head.fields) == nil)
    }
}

@Suite struct ClientHandshakeTests {
    private let handshake = ClientHandshake(protocols: ["a", "b"], nonce: Array("the sample nonce".utf8))
    private let answer: HTTPFields = [
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "Sec-WebSocket-Protocol": "b",
    ]

    @Test func `the request is the one of RFC 6455`() {
        #expect(
            handshake.fields == [
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version": "13", "Sec-WebSocket-Protocol": "a, b",
            ])
        #expect(ClientHandshake(protocols: []).fields["Sec-WebSocket-Protocol"] == nil)
        #expect(ClientHandshake(protocols: []).fields["Sec-WebSocket-Extensions"] == nil)
    }

    @Test func `every handshake has a key of its own`() {
        let keys = Set((0..<100).compactMap { _ in ClientHandshake(protocols: []).fields["Sec-WebSocket-Key"] })
        #expect(keys.count == 100)
        #expect(keys.allSatisfy { Base64.isSixteenBytes($0) })
    }

    @Test func `the sample of RFC 6455 is accepted, with a protocol or without`() throws {
        var answer = answer
        #expect(try handshake.check(ResponseHead(status: 101, fields: answer)) == "b")
        answer["Sec-WebSocket-Protocol"] = nil
        answer.set("Upgrade", "WebSocket")
        answer.set("Connection", "keep-alive, upgrade")
        #expect(try handshake.check(ResponseHead(status: 101, fields: answer)) == nil)
    }

    @Test(
        arguments: [
            ("Upgrade", []), ("Upgrade", ["h2c"]), ("Upgrade", ["websocket", "h2c"]), ("Connection", []),
            ("Connection", ["keep-alive"]), ("Sec-WebSocket-Accept", []), ("Sec-WebSocket-Accept", [""]),
            ("Sec-WebSocket-Accept", ["AAAAAAAAAAAAAAAAAAAAAAAAAAA="]),
            ("Sec-WebSocket-Accept", ["s3pplmbitxaq9kygzzhzrbk+xoo="]),
            ("Sec-WebSocket-Accept", ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]),
            ("Sec-WebSocket-Protocol", ["c"]), ("Sec-WebSocket-Protocol", ["A"]),
            ("Sec-WebSocket-Protocol", ["a", "b"]),
            ("Sec-WebSocket-Protocol", ["a, b"]), ("Sec-WebSocket-Protocol", [""]),
            ("Sec-WebSocket-Extensions", ["permessage-deflate"]), ("Sec-WebSocket-Extensions", [""]),
        ] as [(String, [String])])
    func `an answer that was not asked for is refused`(name: String, values: [String]) {
        var answer = answer
        answer[name] = nil
        for value in values { answer.append(name, value) }
        #expect(throws: ClientHandshake.Refusal.badAnswer) {
            try handshake.check(ResponseHead(status: 101, fields: answer))
        }
    }

    @Test(arguments: [200, 204, 301, 400, 401, 403, 426, 500])
    func `any status but 101 is told`(status: Int) {
        #expect(throws: ClientHandshake.Refusal.status(status)) {
            try handshake.check(ResponseHead(status: status, fields: answer))
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
