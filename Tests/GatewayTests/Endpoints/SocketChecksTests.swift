import Net
import Testing
import VoiceCore

/// What the gateway asks of a WebSocket before anybody speaks on it.
@Suite struct SocketChecksTests {
    /// How an upgrade was answered.
    enum Outcome: Equatable {
        case accepted(subprotocol: String?)
        case refused(code: UInt16, reason: String)
        case other
    }

    @Test func `a token may come as a subprotocol, which is never echoed`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.listen)
        let outcome = upgrade(desk, ["Sec-WebSocket-Protocol": "hearsay.v1, bearer.\(token)"])
        #expect(outcome == .accepted(subprotocol: "hearsay.v1"))
    }

    @Test func `without a token the socket may still say hello`() async throws {
        let desk = try await Desk()
        #expect(upgrade(desk, [:]) == .accepted(subprotocol: nil))
    }

    @Test func `a wrong token closes with 4401`() async throws {
        let desk = try await Desk()
        let wrong = String(repeating: "A", count: 43)
        for fields in [
            ["Sec-WebSocket-Protocol": "hearsay.v1, bearer.\(wrong)"], ["Authorization": "Bearer \(wrong)"],
            ["Sec-WebSocket-Protocol": "hearsay.v1, bearer.", "Authorization": ""],
        ] as [HTTPFields] {
            #expect(upgrade(desk, fields) == .refused(code: 4401, reason: "unauthenticated"))
        }
    }

    @Test func `a foreign origin and a foreign host close with 4403`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.all)
        let bearer: HTTPFields = ["Sec-WebSocket-Protocol": "hearsay.v1, bearer.\(token)"]
        var foreign = bearer
        foreign.append("Origin", "null")
        #expect(upgrade(desk, foreign) == .refused(code: 4403, reason: "foreign_origin"))
        #expect(upgrade(desk, bearer, host: "evil.example") == .refused(code: 4403, reason: "foreign_host"))
    }

    @Test func `other paths and other subprotocols are refused where a browser sees it`() async throws {
        let desk = try await Desk()
        #expect(upgrade(desk, [:], path: "/v1/other") == .refused(code: 4400, reason: "not_found"))
        let outcome = upgrade(desk, ["Sec-WebSocket-Protocol": "chat"])
        #expect(outcome == .refused(code: 4400, reason: "not_supported"))
    }

    @Test func `the echo is there only when it is asked for`() async throws {
        let (closed, open) = (try await Desk(), try await Desk(hasDebugEcho: true))
        #expect(upgrade(closed, [:], path: "/debug/echo") == .refused(code: 4400, reason: "not_found"))
        #expect(upgrade(open, [:], path: "/debug/echo") == .accepted(subprotocol: nil))
    }

    @Test func `the echo asks strangers for a token, and everybody for host and origin`() async throws {
        let desk = try await Desk(hasDebugEcho: true)
        let stranger = "192.0.2.7"
        let unauthenticated = Outcome.refused(code: 4401, reason: "unauthenticated")
        func echo(_ fields: HTTPFields, host: String = "127.0.0.1:7780", peer: String = "127.0.0.1") -> Outcome {
            upgrade(desk, fields, path: "/debug/echo", host: host, peer: peer)
        }
        #expect(echo([:], peer: stranger) == unauthenticated)
        #expect(echo(["X-Forwarded-For": "192.0.2.7"]) == unauthenticated)
        #expect(echo(["Authorization": "Bearer \(String(repeating: "A", count: 43))"]) == unauthenticated)
        let token = try await desk.token(.listen)
        #expect(echo(["Authorization": "Bearer \(token)"], peer: stranger) == .accepted(subprotocol: nil))
        #expect(echo(["Origin": "null"]) == .refused(code: 4403, reason: "foreign_origin"))
        #expect(echo([:], host: "evil.example") == .refused(code: 4403, reason: "foreign_host"))
    }

    private func upgrade(
        _ desk: Desk, _ fields: HTTPFields, path: String = "/v1/ws", host: String = "127.0.0.1:7780",
        peer: String = "127.0.0.1"
    ) -> Outcome {
        var all = fields
        all.append("Upgrade", "websocket")
        all.append("Connection", "Upgrade")
        all.append("Sec-WebSocket-Version", "13")
        all.append("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        return switch desk.reply("GET", path, fields: all, host: host, peer: peer) {
        case .webSocket(let upgrade, _): .accepted(subprotocol: upgrade.selectedProtocol)
        case .refuseWebSocket(_, let code, let reason): .refused(code: code, reason: reason)
        case .now, .later, .stream, .openLater: .other
        }
    }
}
