import Flow
import Speaking
import Testing
import VoiceCore
import VoiceTesting
import JSON

@Suite struct QueueEndpointsTests {
    @Test func `the queue is shown and changed while it runs`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.admin)
        let shown = try await desk.ask("GET", "/v1/queue", token: token)
        #expect(shown["policy"]?.text == "round_robin" && shown["depth"]?.whole == 0)
        #expect(shown["paused"]?.flag == false && shown["held"]?.flag == false)
        let changed = try await desk.ask(
            "PUT", "/v1/queue", token: token, body: #"{"policy":"fifo","paused":true,"for_ms":60000}"#)
        #expect(changed["policy"]?.text == "fifo" && changed["paused"]?.flag == true)
        #expect(changed["for_ms"]?.number == 60_000)
        let job = try await desk.ask("POST", "/v1/speak", token: token, body: #"{"text":"Later."}"#)
        #expect(job["status"]?.text == "held" && job["position"]?.whole == 1)
        #expect(job["estimated_wait_ms"] != nil)
        let resumed = try await desk.ask("PUT", "/v1/queue", token: token, body: #"{"paused":false}"#)
        #expect(resumed["paused"]?.flag == false && resumed["depth"]?.whole == 1)
    }

    @Test(arguments: [
        (#"{"policy":"fifo"}"#, "not_allowed"), (#"{"paused":true}"#, "not_allowed"),
        (#"{"held":true,"output":"desk"}"#, "not_allowed"),
        (#"{"held":true,"session_id":"theirs"}"#, "not_allowed"),
        (#"{"held":true,"session_id":"nobody"}"#, "unknown_session"), (#"{"held":true,"session_id":"default"}"#, nil),
    ])
    func `without control only one's own session is held`(body: String, code: String?) async throws {
        let desk = try await Desk()
        _ = try await desk.ask(
            "POST", "/v1/sessions", token: try await desk.token(.admin), body: #"{"session_id":"theirs"}"#)
        let answer = try await desk.ask("PUT", "/v1/queue", token: try await desk.token(.speak), body: body)
        #expect(answer.code == code)
    }

    @Test func `a bound token sees and changes nothing of others`() async throws {
        let desk = try await Desk()
        let admin = try await desk.token(.admin)
        for session in ["mine", "theirs"] {
            _ = try await desk.ask("POST", "/v1/sessions", token: admin, body: #"{"session_id":"\#(session)"}"#)
            let hold = #"{"held":true,"session_id":"\#(session)"}"#
            _ = try await desk.ask("PUT", "/v1/queue", token: admin, body: hold)
            let speak = #"{"text":"a","session_id":"\#(session)"}"#
            _ = try await desk.ask("POST", "/v1/speak", token: admin, body: speak)
        }
        _ = try await desk.ask("PUT", "/v1/queue", token: admin, body: #"{"held":true,"output":"desk"}"#)
        let bound = try await desk.token([.speak, .control], session: "mine")
        let seen = try await desk.ask("GET", "/v1/queue", token: bound)
        #expect(seen.all("brakes", "session_id") == ["mine"])
        #expect(seen["brakes"]?.elements?.count == 1 && seen["outputs"]?.elements?.isEmpty == true)
        #expect(seen["depth"]?.whole == 1)
        for (body, code) in [
            (#"{"policy":"fifo"}"#, "not_allowed"), (#"{"paused":true}"#, "not_allowed"),
            (#"{"held":false,"session_id":"theirs"}"#, "unknown_session"),
        ] {
            #expect(try await desk.ask("PUT", "/v1/queue", token: bound, body: body).code == code)
        }
    }

    @Test func `a session gets another name and voice`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.admin)
        var cursor = desk.events.cursor { if case .sessionUpdated = $0.body { true } else { false } }
        let path = "/v1/sessions/default"
        let changed = try await desk.ask("PATCH", path, token: token, body: #"{"name":"Desk","voice":"fake"}"#)
        #expect(changed["name"]?.text == "Desk" && changed["voice"]?.text == "fake")
        guard case .fact(_, let event) = cursor.nextIfAny() else {
            Issue.record("no event came")
            return
        }
        #expect(event.body == .sessionUpdated(name: "Desk", voice: "fake"))
        _ = try await desk.ask("PATCH", path, token: token, body: #"{"name":"Desk"}"#)
        #expect(cursor.nextIfAny() == nil)
        #expect(try await desk.ask("PATCH", path, token: token, body: #"{"voice":"nobody"}"#).code == "unknown_voice")
    }
}
