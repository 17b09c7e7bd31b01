import Flow
import Gateway
import JSON
import Testing
import VoiceCore
import VoiceTesting
import Wire

@Suite(.timeLimit(.minutes(1))) struct SocketTokenTests {
    private func auth(_ guest: Client, _ stage: Stage, _ scopes: Scopes, session: String? = nil) async throws
        -> JSONValue
    {
        try await guest.ask("auth", #"{"token":"\#(try await stage.token(scopes, session: session).text)"}"#)
    }

    @Test func `a token that ends is announced a minute before, and then the connection closes`() async throws {
        try await Stage.run { stage in
            let token = try await stage.token(.speak, expiresIn: .seconds(90))
            let guest = try await stage.connect(token: token.text)
            _ = try await guest.ask("hello")
            async let expiring = guest.next("token.expiring")
            for _ in 0..<31 {
                stage.clock.advance(by: .seconds(1))
                await Task.yield()
            }
            let left = try #require(try await expiring["in_ms"]?.whole)
            #expect((50_000...60_000).contains(left), "\(left)")
            stage.clock.advance(by: .seconds(60))
            #expect(try await guest.closeCode() == 4401)
        }
    }

    @Test func `a token that is short-lived is announced at once`() async throws {
        try await Stage.run { stage in
            let guest = try await stage.connect(token: stage.token(.speak, expiresIn: .seconds(20)).text)
            _ = try await guest.ask("hello")
            #expect(try await guest.next("token.expiring")["in_ms"] == 20_000)
        }
    }

    @Test func `a replaced token no longer matters`() async throws {
        try await Stage.run { stage in
            let old = try await stage.token(.all)
            let guest = try await stage.connect(token: old.text)
            _ = try await guest.ask("hello")
            #expect(try await auth(guest, stage, .speak)["type"] == "ok")
            #expect(try await stage.access.revoke(old.id))
            #expect(try await guest.ask("ping")["type"] == "ok")
            #expect(try await guest.ask("subscribe", #"{"events":["*"]}"#)["code"] == "not_allowed")
        }
    }

    @Test func `a token that covers less than what is open is refused, and the old one stays`() async throws {
        try await Stage.run { stage in
            let guest = try await stage.guest(hello: #"{"session":{"session_id":"a"}}"#)
            #expect(try await auth(guest, stage, .all, session: "b")["code"] == "not_allowed")
            _ = try await guest.listen(#"{"kind":"test","session_id":"*"}"#)
            for (scopes, session) in [(.all, "a"), ([.listen, .speak], nil), (.speak, nil)] as [(Scopes, String?)] {
                #expect(try await auth(guest, stage, scopes, session: session)["code"] == "not_allowed")
            }
            #expect(
                try await guest.ask("auth", #"{"token":"\#(String(repeating: "A", count: 43))"}"#)["code"]
                    == "unauthenticated")
            #expect(try await guest.ask("subscribe", #"{"events":["*"]}"#)["type"] == "ok")
            #expect(try await auth(guest, stage, [.listen, .control])["code"] == "not_allowed")
            #expect(try await auth(guest, stage, [.listen, .control, .events])["type"] == "ok")
        }
    }

    @Test func `events after a change of token are those that the new one covers`() async throws {
        try await Stage.run { stage in
            let guest = try await stage.guest(hello: #"{"session":{"session_id":"a"}}"#)
            try await guest.ask("subscribe", #"{"events":["session.*"]}"#)
            #expect(try await auth(guest, stage, .events, session: "a")["type"] == "ok")
            stage.publish("b")
            stage.publish("a")
            #expect(try await guest.next("session.started")["session_id"] == "a")
        }
    }

    @Test func `nothing is done for a token that was revoked`() async throws {
        try await Stage.run { stage in
            let token = try await stage.token(.all)
            let guest = try await stage.connect(token: token.text)
            _ = try await guest.ask("hello")
            #expect(try await stage.access.revoke(token.id))
            guest.send(#"{"type":"session.start","session_id":"late"}"#)
            #expect(try await guest.closeCode() == 4401)
            #expect(await stage.sessions.info(SessionID("late")) == nil)
        }
    }

    @Test func `commands that come too fast are refused, and a flood ends the connection`() async throws {
        try await Stage.run { stage in
            let token = try await stage.token(.speak, rate: Rate(3, per: .hour))
            let guest = try await stage.connect(token: token.text)
            _ = try await guest.ask("hello")
            for _ in 0..<2 { #expect(try await guest.ask("ping")["type"] == "ok") }
            let refused = try await guest.ask("ping")
            #expect(refused["code"] == "rate_limited" && refused["retry_after_ms"] == 1_200_000)
            for _ in 0..<1_001 { guest.send(#"{"type":"ping"}"#) }
            #expect(try await guest.closeCode() == 4429)
        }
    }

    @Test func `reports of playback are not counted`() async throws {
        try await Stage.run { stage in
            let guest = try await stage.connect(token: stage.token(.listen, rate: Rate(3, per: .hour)).text)
            _ = try await guest.ask("hello")
            let report = #"{"type":"playback","job_id":"x","listener_id":"x","state":"progress","position_ms":0}"#
            for _ in 0..<50 { guest.send(report) }
            #expect(try await guest.ask("ping")["type"] == "ok")
        }
    }
}
