import Flow
import Net
import Speaking
import Testing
import VoiceCore
import VoiceTesting
import Wire
import JSON

@Suite struct SpeakEndpointsTests {
    @Test func `a job is accepted at once and can be followed`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.speak)
        let accepted = try await desk.ask("POST", "/v1/speak", token: token, body: #"{"text":"Good morning."}"#)
        let id = try #require(accepted["job_id"]?.text)
        #expect(accepted.status == 202)
        #expect(accepted.fields["Location"] == "/v1/jobs/\(id)")
        #expect(accepted["session_id"]?.text == "default")
        let shown = try await desk.ask("GET", "/v1/jobs/\(id)", token: token)
        #expect(shown["text_preview"]?.text == "Good morning.")
        #expect(try await desk.ask("GET", "/v1/jobs", token: token).all("jobs", "job_id") == [id])
    }

    @Test func `who waits for the end gets the end`() async throws {
        let desk = try await Desk()
        let listener = FakeListener("lis_a")
        _ = await desk.dispatcher.attach(listener, .ready, resuming: nil)
        let token = try await desk.token(.speak)
        async let answer = desk.ask("POST", "/v1/speak?wait=finished", token: token, body: #"{"text":"Hello."}"#)
        let order = await listener.waitForOrder { if case .play = $0 { true } else { false } }
        guard case .play(let job, _) = order else {
            Issue.record("nothing was played")
            return
        }
        listener.report(.sent, of: job)
        listener.report(.started(at: .zero), of: job)
        _ = await desk.dispatcher.waitForStart(of: job)
        listener.report(.finished(at: FakeEngine.duration(of: "Hello.")), of: job)
        let ended = try await answer
        #expect(ended.status == 200)
        #expect(ended["status"]?.text == "finished" && ended["heard"]?.text == "confirmed")
    }

    @Test func `an end that is no success is an answer too`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.speak)
        async let waiting = desk.ask("POST", "/v1/speak?wait=finished", token: token, body: #"{"text":"Stop."}"#)
        var cursor = desk.events.cursor(after: 0)
        let queued = await cursor.next()
        guard case .fact(_, let event) = queued, let job = event.job else {
            Issue.record("nothing was queued")
            return
        }
        _ = try await desk.ask("DELETE", "/v1/jobs/\(job)", token: token)
        let answer = try await waiting
        #expect(answer.status == 200 && answer["status"]?.text == "aborted")
        #expect(answer["unspoken_text"]?.text == "Stop.")
    }

    @Test(
        arguments: [
            ("", "invalid_json", 400, nil), ("[]", "wrong_type", 400, nil), ("{}", "missing_field", 400, "text"),
            (#"{"text":7}"#, "wrong_type", 400, "text"), (#"{"text":""}"#, "empty_text", 422, "text"),
            (#"{"text":" \n"}"#, "empty_text", 422, "text"),
            (#"{"text":"a","loud":true}"#, "unknown_field", 400, "loud"),
            (#"{"text":"a","voice":"nobody"}"#, "unknown_voice", 422, "voice"),
            (#"{"text":"a","speed":9}"#, "out_of_range", 400, "speed"),
            (#"{"text":"a","session_id":"ses_none"}"#, "unknown_session", 404, "session_id"),
            (#"{"text":"a","interrupt":"all"}"#, "not_allowed", 403, "interrupt"),
            (#"{"text":"a","deliver":"all"}"#, "not_allowed", 403, "deliver"),
        ] as [(String, String, Int, String?)])
    func `what cannot be spoken is refused with a stable code`(
        _ body: String, _ code: String, _ status: Int, _ field: String?
    ) async throws {
        let desk = try await Desk()
        let answer = try await desk.ask("POST", "/v1/speak", token: try await desk.token(.speak), body: body)
        #expect(answer.code == code && answer.status == status && answer.field == field)
        #expect(answer["error"]?["message"]?.text?.isEmpty == false)
    }

    @Test(arguments: [(65 << 10) + 1, 1_000_000])
    func `a text beyond the limit is refused`(_ count: Int) async throws {
        let desk = try await Desk()
        let body = #"{"text":""# + String(repeating: "a", count: count) + #""}"#
        let answer = try await desk.ask("POST", "/v1/speak", token: try await desk.token(.speak), body: body)
        #expect(answer.code == "text_too_long" && answer.status == 413)
    }

    @Test func `an unknown way to wait is refused before anything is spoken`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.speak)
        let answer = try await desk.ask("POST", "/v1/speak?wait=long", token: token, body: #"{"text":"a"}"#)
        #expect(answer.code == "out_of_range" && answer.field == "wait")
        #expect(try await desk.ask("GET", "/v1/jobs", token: token).all("jobs", "job_id").isEmpty)
    }

    @Test func `a bound token sees and stops only the jobs of its session`() async throws {
        let desk = try await Desk()
        let admin = try await desk.token(.admin)
        _ = try await desk.ask("POST", "/v1/sessions", token: admin, body: #"{"session_id":"mine"}"#)
        let bound = try await desk.token([.speak, .control], session: "mine")
        let theirs = try await desk.ask("POST", "/v1/speak", token: admin, body: #"{"text":"theirs"}"#)
        let other = try #require(theirs["job_id"]?.text)
        let mine = try await desk.ask("POST", "/v1/speak", token: bound, body: #"{"text":"mine"}"#)
        let own = try #require(mine["job_id"]?.text)
        #expect(try await desk.ask("GET", "/v1/jobs", token: bound).all("jobs", "job_id") == [own])
        #expect(try await desk.ask("GET", "/v1/jobs/\(other)", token: bound).code == "unknown_job")
        #expect(try await desk.ask("DELETE", "/v1/jobs/\(other)", token: bound).code == "unknown_job")
        let foreign = #"{"text":"a","session_id":"default"}"#
        #expect(try await desk.ask("POST", "/v1/speak", token: bound, body: foreign).code == "unknown_session")
        let all = try await desk.ask("POST", "/v1/abort", token: bound, body: #"{"scope":"all"}"#)
        #expect(all["aborted"]?.elements == [.string(own)])
        #expect(try await desk.ask("GET", "/v1/jobs/\(other)", token: admin)["status"]?.text != "aborted")
    }

    @Test func `stopping what others say needs control`() async throws {
        let desk = try await Desk()
        let admin = try await desk.token(.admin)
        let speaker = try await desk.token(.speak)
        _ = try await desk.ask("POST", "/v1/sessions", token: admin, body: #"{"session_id":"a"}"#)
        let made = try await desk.ask("POST", "/v1/speak", token: admin, body: #"{"text":"x","session_id":"a"}"#)
        let job = try #require(made["job_id"]?.text)
        #expect(try await desk.ask("DELETE", "/v1/jobs/\(job)", token: speaker).code == "not_allowed")
        for body in [
            #"{"scope":"all"}"#, #"{"scope":"session","session_id":"a"}"#, #"{"scope":"output","output":"local"}"#,
            #"{"scope":"current","session_id":"a"}"#, #"{"scope":"current","output":"local"}"#,
        ] {
            #expect(try await desk.ask("POST", "/v1/abort", token: speaker, body: body).code == "not_allowed")
        }
        #expect(try await desk.ask("DELETE", "/v1/jobs/\(job)", token: admin)["aborted"]?.elements == [.string(job)])
        #expect(try await desk.ask("DELETE", "/v1/jobs/\(job)", token: admin)["aborted"]?.elements == [])
    }
}
