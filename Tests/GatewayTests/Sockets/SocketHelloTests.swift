import Gateway
import Testing
import VoiceCore
import VoiceTesting
import Wire
import JSON

/// How a connection begins and ends.
@Suite(.timeLimit(.minutes(2))) struct SocketHelloTests {
    @Test func `hello is welcomed with what the token allows`() async throws {
        try await Stage.run { stage in
            let client = try await stage.connect(token: stage.token([.speak, .events]).text)
            let welcome = try await client.ask("hello", #"{"client":{"name":"test"},"session":{"name":"Desk"}}"#)
            #expect(welcome["type"] == "welcome")
            #expect(welcome["v"] == 1)
            #expect(welcome["server"]?["version"] == "1.2.3")
            #expect(welcome["scopes"] == ["speak", "events"])
            #expect(welcome["session"]?["name"] == "Desk")
            #expect(welcome["session"]?["connections"] == 1)
        }
    }

    @Test func `the token may come in hello`() async throws {
        try await Stage.run { stage in
            let client = try await stage.connect()
            let welcome = try await client.ask("hello", #"{"token":"\#(stage.token().text)"}"#)
            #expect(welcome["type"] == "welcome")
        }
    }

    @Test func `without a valid token the connection closes with 4401`() async throws {
        try await Stage.run { stage in
            for hello in ["{}", #"{"token":"wrong"}"#] {
                let client = try await stage.connect()
                #expect(try await client.ask("hello", hello)["code"] == "unauthenticated")
                #expect(try await client.closeCode() == 4401)
            }
        }
    }

    @Test func `a command before hello closes with 4400`() async throws {
        try await Stage.run { stage in
            let client = try await stage.connect(token: stage.token().text)
            #expect(try await client.ask("ping")["code"] == "hello_expected")
            #expect(try await client.closeCode() == 4400)
        }
    }

    @Test func `silence closes with 4408 after five seconds`() async throws {
        try await Stage.run { stage in
            let client = try await stage.connect(token: stage.token().text)
            async let code = client.closeCode()
            while await client.isOpen {
                stage.clock.advance(by: .seconds(5))
                await Task.yield()
            }
            #expect(try await code == 4408)
        }
    }

    @Test func `a bound token cannot say hello for another session`() async throws {
        try await Stage.run { stage in
            let client = try await stage.connect(token: stage.token(.all, session: "mine").text)
            let answer = try await client.ask("hello", #"{"session":{"session_id":"other"}}"#)
            #expect(answer["code"] == "unknown_session")
            #expect(try await client.closeCode() == 4403)
        }
    }

    @Test func `a revoked token closes its connection with 4401`() async throws {
        try await Stage.run { stage in
            let token = try await stage.token()
            let client = try await stage.connect(token: token.text)
            try await client.ask("hello")
            #expect(try await stage.access.revoke(token.id))
            #expect(try await client.closeCode() == 4401)
        }
    }

    @Test func `a token is replaced by one for the same session only`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest(.events)
            #expect(try await client.ask("speak", #"{"text":"Hi"}"#)["code"] == "not_allowed")
            let bound = try await stage.token(.all, session: "mine").text
            #expect(try await client.ask("auth", #"{"token":"\#(bound)"}"#)["code"] == "not_allowed")
            let better = try await stage.token([.speak]).text
            #expect(try await client.ask("auth", #"{"token":"\#(better)"}"#)["scopes"] == ["speak"])
            #expect(try await client.ask("speak", #"{"text":"Hi"}"#)["type"] == "ok")
        }
    }

    @Test func `a session lives while a connection holds it`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest(hello: #"{"session":{"session_id":"desk"}}"#)
            #expect(await stage.sessions.info(SessionID("desk"))?.connectionCount == 1)
            client.close()
            _ = try await client.closeCode()
            while await stage.sessions.info(SessionID("desk"))?.connectionCount != 0 { await Task.yield() }
        }
    }
}
