import Flow
import Gateway
import Net
import Speaking
import Testing
import VoiceCore
import VoiceTesting
import Wire
import JSON

@Suite struct ListEndpointsTests {
    @Test func `voices name their default`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.listen)
        let answer = try await desk.ask("GET", "/v1/voices", token: token)
        #expect(answer["default"]?.text == "fake" && answer.all("voices", "id") == ["fake"])
        #expect(try await desk.ask("GET", "/v1/engines", token: token).all("engines", "state") == ["ready"])
    }

    @Test func `the status tells how the server is`() async throws {
        let desk = try await Desk()
        _ = await desk.dispatcher.attach(FakeListener("lis_a"), .ready, resuming: nil)
        let answer = try await desk.ask("GET", "/status", token: try await desk.token(.admin))
        #expect(answer["status"]?.text == "ok" && answer["version"]?.text == "1.2.3")
        #expect(answer.all("listeners", "listener_id") == ["lis_a"])
        #expect(answer["jobs"]?["waiting"]?.whole == 0 && answer["sessions"]?.whole == 1)
        #expect(answer["scopes"]?.elements == ["admin"])
    }

    @Test func `a bound token sees only its own listeners and sessions`() async throws {
        let desk = try await Desk()
        let admin = try await desk.token(.admin)
        let bound = try await desk.token([.listen, .events], session: "mine")
        for name in ["mine", "theirs"] {
            let body = #"{"session_id":"\#(name)","name":"N"}"#
            let made = try await desk.ask("POST", "/v1/sessions", token: admin, body: body)
            #expect(made.status == 201 && made.fields["Location"] == "/v1/sessions/\(name)")
            let listener = FakeListener("lis_\(name)", session: SessionID(name))
            _ = await desk.dispatcher.attach(listener, .ready, resuming: nil)
        }
        let listeners = try await desk.ask("GET", "/v1/listeners", token: bound)
        #expect(listeners.all("listeners", "listener_id") == ["lis_mine"])
        #expect(try await desk.ask("GET", "/v1/sessions", token: bound).all("sessions", "session_id") == ["mine"])
        #expect(try await desk.ask("GET", "/v1/sessions/theirs", token: bound).code == "unknown_session")
        let status = try await desk.ask("GET", "/status", token: bound)
        #expect(status.all("listeners", "listener_id") == ["lis_mine"] && status["sessions"]?.whole == 1)
        let foreign = try await desk.ask("POST", "/v1/sessions", token: bound, body: #"{"session_id":"new"}"#)
        #expect(foreign.code == "unknown_session")
        #expect(try await desk.ask("POST", "/v1/sessions", token: bound)["session_id"]?.text == "mine")
    }

    @Test func `a session ends by hand, the default one never`() async throws {
        let desk = try await Desk()
        let token = try await desk.token([.speak, .control])
        let made = try await desk.ask("POST", "/v1/sessions", token: token)
        let id = try #require(made["session_id"]?.text)
        #expect(made["local"]?.flag == true)
        #expect(try await desk.ask("DELETE", "/v1/sessions/\(id)", token: token)["ended"]?.text == id)
        #expect(try await desk.ask("GET", "/v1/sessions/\(id)", token: token).code == "unknown_session")
        #expect(try await desk.ask("DELETE", "/v1/sessions/default", token: token).code == "not_allowed")
    }

    @Test func `a session made through a proxy is not local`() async throws {
        let desk = try await Desk()
        let made = try await desk.ask(
            "POST", "/v1/sessions", token: try await desk.token(.speak), fields: ["X-Forwarded-For": "203.0.113.9"])
        #expect(made["local"]?.flag == false)
    }

    @Test func `the administrator may stop the server`() async throws {
        let desk = try await Desk()
        #expect(try await desk.ask("POST", "/v1/stop", token: try await desk.token(.admin)).status == 202)
        #expect(desk.server.stop.isOpen)
    }
}
