import Net
import Testing
import VoiceCore
import Wire
import JSON

/// Audio in over a socket.
@Suite(.timeLimit(.minutes(2))) struct SocketSourceTests {
    private static let pcm = #"{"codec":"pcm_s16","sample_rate":16000}"#
    private static let loud = [Int16](repeating: 9_000, count: 8_000) + [Int16](repeating: 0, count: 16_000)

    /// Sends samples in frames of 20 ms.
    private func send(_ samples: [Int16], from start: Int = 0, on channel: UInt32, _ client: Client) {
        for index in stride(from: 0, to: samples.count, by: 320) {
            let header = AudioFrameHeader(
                kind: .audioIn, channel: channel, sequence: UInt32((start + index) / 320),
                timestamp: UInt32(start + index))
            client.send(binary: header.bytes(samples: samples[index..<min(samples.count, index + 320)]))
        }
    }

    @Test func `what is said on one connection is read on another`() async throws {
        try await Stage.run { stage in
            let (speaker, reader) = (try await stage.guest(.capture), try await stage.guest(.events))
            try await reader.ask("subscribe", #"{"events":["source.*","speech.*","transcript.*"]}"#)
            let opened = try await speaker.ask("source.open", Self.pcm)
            #expect(opened["next_sequence"] == 0 && opened["channel"] == 2)
            send(Self.loud, on: 2, speaker)
            #expect(try await speaker.next("source.ack")["sequence"] == 0)
            for type in ["source.started", "speech.started", "speech.stopped"] {
                #expect(try await reader.next(type)["source_id"] == opened["source_id"])
            }
            let final = try await reader.next("transcript.final")
            #expect(final["text"]?.text?.hasSuffix(" ms") == true && final["engine"] == "fake")
            let listed = try await stage.guest()
            try await listed.ask("source.close", #"{"source_id":"\#(opened["source_id"]?.text ?? "")"}"#)
            let stop = try await speaker.next("source.control")
            #expect(stop["state"] == "stop" && stop["reason"] == "closed")
            #expect(try await reader.next("source.stopped")["reason"] == "closed")
            // What was under way then is no mistake.
            send(Self.loud, on: 2, speaker)
            #expect(try await speaker.ask("ping")["type"] == "ok")
        }
    }

    @Test func `a source is taken up again by its token alone`() async throws {
        try await Stage.run { stage in
            let token = try await stage.token(.capture).text
            let named = #"{"codec":"pcm_s16","sample_rate":16000,"source_id":"desk"}"#
            let first = try await stage.connect(token: token)
            try await first.ask("hello")
            #expect(try await first.ask("source.open", named)["from_ms"] == 0)
            send(Self.loud, on: 2, first)
            try await first.ask("ping")
            first.close()
            let second = try await stage.connect(token: token)
            try await second.ask("hello")
            let again = try await second.ask("source.open", named)
            #expect(again["next_sequence"] == 75 && again["paused"] == false)
            let stranger = try await stage.guest(.capture)
            #expect(try await stranger.ask("source.open", named)["code"] == "unknown_source")
            let other = #"{"codec":"pcm_f32","sample_rate":16000,"source_id":"desk"}"#
            #expect(try await second.ask("source.open", other)["code"] == "out_of_range")
            let anew = #"{"codec":"pcm_f32","sample_rate":16000,"source_id":"desk","anew":true}"#
            #expect(try await second.ask("source.open", anew)["from_ms"] == 0)
            #expect(try await stranger.ask("source.open", anew)["code"] == "unknown_source")
        }
    }

    @Test func `frames that are none are told and disturb nothing`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest(.capture)
            try await client.ask("source.open", Self.pcm)
            try await client.ask("source.open", #"{"codec":"opus","sample_rate":48000}"#)
            let pcm = AudioFrameHeader(kind: .audioIn, channel: 2).bytes()
            let opus = AudioFrameHeader(kind: .audioIn, channel: 4).bytes()
            for frame in [pcm, pcm + [1], pcm + [UInt8](repeating: 0, count: 3_842), opus, opus + [0xFF, 0xFF]] {
                client.send(binary: frame)
                #expect(try await client.next("error")["code"] == "bad_audio")
            }
            client.send(binary: AudioFrameHeader(kind: .audioOut, channel: 2).bytes(samples: [1]))
            #expect(try await client.next("error")["code"] == "unknown_channel")
            for channel: UInt32 in [0, 3, 6] {
                client.send(binary: AudioFrameHeader(kind: .audioIn, channel: channel).bytes(samples: [1]))
                #expect(try await client.next("error")["code"] == "unknown_channel")
            }
            send(Self.loud, on: 2, client)
            #expect(try await client.next("source.ack")["sequence"]?.whole != nil)
        }
    }

    @Test func `sources of other sessions need control, and those of none exist`() async throws {
        try await Stage.run { stage in
            let owner = try await stage.guest(.capture)
            let id = try #require(try await owner.ask("source.open", Self.pcm)["source_id"]?.text)
            let named = #"{"source_id":"\#(id)"}"#
            let neighbour = try await stage.guest([.capture, .speak], hello: #"{"session":{"session_id":"next"}}"#)
            #expect(try await neighbour.ask("source.pause", named)["code"] == "not_allowed")
            let bound = try await stage.guest([.capture, .control], session: "far")
            #expect(try await bound.ask("source.pause", named)["code"] == "unknown_source")
            let visitor = try await stage.guest(.control, hello: #"{"session":{"session_id":"next"}}"#)
            #expect(try await visitor.ask("source.pause", named)["type"] == "ok")
            #expect(try await owner.next("source.control")["state"] == "pause")
            let update = #"{"source_id":"\#(id)","stt":{"engine":"nobody"}}"#
            let refusal = try await visitor.ask("source.update", update)
            #expect(refusal["code"] == "unknown_engine")
            #expect(refusal["message"] == #"no engine "nobody" hears here; `hearsay engines` lists what does"#)
        }
    }

    @Test func `whoever opened a source in another session may also end it`() async throws {
        try await Stage.run { stage in
            _ = try await stage.guest(.capture, hello: #"{"session":{"session_id":"far"}}"#)
            let owner = try await stage.guest(.capture)
            let named = #"{"codec":"pcm_s16","sample_rate":16000,"source_id":"desk","session_id":"far"}"#
            #expect(try await owner.ask("source.open", named)["type"] == "ok")
            for order in ["source.pause", "source.resume", "source.close"] {
                #expect(try await owner.ask(order, #"{"source_id":"desk"}"#)["type"] == "ok")
            }
        }
    }

    @Test func `a request pauses, resumes and closes what a connection sends`() async throws {
        try await Stage.run { stage in
            let owner = try await stage.guest(.capture)
            let named = #"{"codec":"pcm_s16","sample_rate":16000,"source_id":"desk"}"#
            try await owner.ask("source.open", named)
            let requests = try await stage.client(.control)
            for (order, isPaused) in [("pause", true), ("resume", false)] {
                let answer = Answer(try await requests.send("POST", "/v1/sources/desk/\(order)"))
                #expect(answer["source_id"]?.text == "desk" && answer["paused"]?.flag == isPaused)
                #expect(try await owner.next("source.control")["state"]?.text == order)
            }
            #expect(Answer(try await requests.send("DELETE", "/v1/sources/desk"))["closed"]?.text == "desk")
            #expect(try await owner.next("source.control")["reason"] == "closed")
            #expect(Answer(try await requests.send("POST", "/v1/sources/desk/pause")).code == "unknown_source")
        }
    }

    @Test func `requests to change sources of others need control, and those of none exist`() async throws {
        try await Stage.run { stage in
            let owner = try await stage.guest(.capture, hello: #"{"session":{"session_id":"far"}}"#)
            try await owner.ask("source.open", #"{"codec":"pcm_s16","sample_rate":16000,"source_id":"desk"}"#)
            for (scopes, session, code) in [
                (Scopes.events, nil, "not_allowed"), (.capture, nil, "not_allowed"),
                (.control, "near", "unknown_source"),
            ] {
                let requests = try await stage.client(scopes, session: session)
                for (method, path) in [("POST", "/v1/sources/desk/pause"), ("DELETE", "/v1/sources/desk")] {
                    #expect(Answer(try await requests.send(method, path)).code == code)
                }
            }
            let own = try await stage.client(.capture, session: "far")
            #expect(Answer(try await own.send("POST", "/v1/sources/desk/pause"))["paused"]?.flag == true)
        }
    }
}
