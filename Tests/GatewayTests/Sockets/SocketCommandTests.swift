import Testing
import VoiceCore
import Wire
import JSON

/// Commands that are answered on the spot, and bad input.
@Suite(.timeLimit(.minutes(2))) struct SocketCommandTests {
    @Test func `every bad message has a code and disturbs nothing`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            let table: [(String, JSONValue)] = [
                ("{", "invalid_json"), ("[]", "wrong_type"), (#"{"type":"dance"}"#, "unknown_command"),
                (#"{"type":"hello"}"#, "hello_twice"), (#"{"type":"speak","text":""}"#, "empty_text"),
                (#"{"type":"speak","text":1}"#, "wrong_type"), (#"{"type":"speak","tekst":"a"}"#, "missing_field"),
                (#"{"type":"speak","text":"a","x":1}"#, "unknown_field"),
                (#"{"type":"speak","text":"a","voice":"nobody"}"#, "unknown_voice"),
                (#"{"type":"speak","text":"a","session_id":"nowhere"}"#, "unknown_session"),
                (#"{"type":"speak","text":"\#(String(repeating: "a", count: 66_560))"}"#, "text_too_long"),
                (#"{"type":"speak","text":"\#(String(repeating: "a", count: 1 << 20))"}"#, "text_too_long"),
                (#"{"type":"listener.state","listener_id":"lis_x","ready":true}"#, "unknown_listener"),
                (#"{"type":"abort","job_id":"job_x"}"#, "unknown_job"),
                (#"{"type":"source.open"}"#, "missing_field"),
                (#"{"type":"source.pause","source_id":"src_x"}"#, "unknown_source"),
                (#"{"type":"await_utterance"}"#, "not_supported"),
                (#"{"type":"session.end","session_id":"default"}"#, "not_allowed"),
            ]
            for (message, code) in table {
                client.send(message)
                #expect(try await client.next("error")["code"] == code, "\(message.prefix(80))")
            }
            client.send(binary: AudioFrameHeader(kind: .audioIn, channel: 7).bytes(samples: [1]))
            #expect(try await client.next("error")["code"] == "unknown_channel")
            client.send(binary: [1])
            #expect(try await client.next("error")["code"] == "unknown_channel")
            #expect(try await client.ask("ping")["type"] == "ok")
        }
    }

    @Test func `answers come in the order of the commands`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            for number in 0..<50 { client.send(#"{"type":"ping","req":\#(number)}"#) }
            for number in 0..<50 { #expect(try await client.next("ok")["req"] == .integer(number)) }
        }
    }

    @Test func `each command needs its scope`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest(.capture)
            for (command, fields) in [
                ("speak", #"{"text":"Hi"}"#), ("abort", "{}"), ("subscribe", #"{"events":["*"]}"#),
                ("listener.open", #"{"kind":"test"}"#), ("session.end", #"{"session_id":"x"}"#),
            ] {
                #expect(try await client.ask(command, fields)["code"] == "not_allowed", "\(command)")
            }
            let listener = try await stage.guest(.listen)
            let everyone = try await listener.ask("listener.open", #"{"kind":"test","scope":"*"}"#)
            #expect(everyone["code"] == "not_allowed")
        }
    }

    @Test func `a job is accepted with its place in the queue`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            let answer = try await client.ask("speak", #"{"text":"Hi"}"#)
            #expect(answer["job_id"]?.text?.hasPrefix("job_") == true)
            #expect(answer["listeners"] == [])
            let aborted = try await client.ask("abort", #"{"job_id":"\#(answer["job_id"]?.text ?? "")"}"#)
            #expect(aborted["aborted"] == .array([answer["job_id"] ?? .null]))
        }
    }

    @Test func `a session is started and ended`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            let started = try await client.ask("session.start", #"{"session_id":"desk","voice":"fake"}"#)
            #expect(started["session"]?["voice"] == "fake")
            #expect(try await client.ask("session.start", #"{"voice":"nobody"}"#)["code"] == "unknown_voice")
            #expect(try await client.ask("session.end", #"{"session_id":"desk"}"#)["type"] == "ok")
            #expect(try await client.ask("session.end", #"{"session_id":"desk"}"#)["code"] == "unknown_session")
        }
    }
}
