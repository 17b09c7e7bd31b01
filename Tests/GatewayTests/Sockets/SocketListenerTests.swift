import Sound
import Speaking
import Testing
import VoiceCore
import VoiceTesting
import Wire
import JSON

/// Jobs on listeners at the other end of a socket.
@Suite(.timeLimit(.minutes(2))) struct SocketListenerTests {
    /// A text whose audio lasts so many milliseconds.
    private func text(_ milliseconds: Int) -> String { String(repeating: "a", count: milliseconds / 10) }

    private func ramp(_ range: Range<Int>) -> [Int16] { range.map { Int16(truncatingIfNeeded: $0 % 16_000) } }

    @Test func `a job is heard bit by bit and ends when it was heard`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*"]}"#)
            let listener = try await client.listen()
            client.send(#"{"type":"speak","text":"\#(text(510))"}"#)
            let begin = try await client.begin()
            #expect(begin.listener.rawValue == listener)
            #expect(begin.format.sampleRate == 24_000 && begin.start == .zero && begin.channel % 2 == 1)
            let first = try await client.nextFrame(.audioOut)
            #expect(first.header.flags == .first && first.header.timestamp == 0 && first.samples.count == 480)
            let rest = try await client.audio(frames: 25)
            #expect(first.samples + rest == ramp(0..<12_240))
            let end = try await client.nextFrame(.end)
            #expect(end.header.timestamp == 12_240 && end.header.sequence == 26)
            client.report(.started, 0, of: begin)
            #expect(try await client.next("job.started")["listeners"] == [.string(listener)])
            client.report(.finished, 510, of: begin)
            let finished = try await client.next("job.finished")
            #expect(finished["heard"] == "confirmed")
            #expect(finished["duration_ms"] == 510)
        }
    }

    @Test func `audio goes one second ahead of what was heard and no further`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            _ = try await client.listen()
            client.send(#"{"type":"speak","text":"\#(text(3_000))"}"#)
            let begin = try await client.begin()
            var heard = try await client.audio(frames: 50)
            try await client.ask("ping")
            client.report(.started, 0, of: begin)
            client.report(.progress, 500, of: begin)
            heard += try await client.audio(frames: 25)
            try await client.ask("ping")
            client.report(.progress, 60_000, of: begin)
            heard += try await client.audio(frames: 50)
            client.report(.progress, 2_000, of: begin)
            heard += try await client.audio(frames: 25)
            #expect(heard == ramp(0..<72_000))
            _ = try await client.nextFrame(.end)
        }
    }

    @Test func `another rate is made by resampling one stream`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            _ = try await client.listen(#"{"kind":"test","sample_rate":48000}"#)
            client.send(#"{"type":"speak","text":"\#(text(300))"}"#)
            let begin = try await client.begin()
            #expect(begin.format.sampleRate == 48_000)
            #expect(try await client.audio(frames: 15).count == 14_400)
            #expect(try await client.nextFrame(.end).header.timestamp == 14_400)
        }
    }

    @Test func `Opus is sent in packets, with what a decoder must drop and where the sound ends`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            let answer = try await client.ask("listener.open", #"{"kind":"test","formats":["opus","pcm_s16"]}"#)
            #expect(answer["format"]?["codec"] == "opus" && answer["format"]?["sample_rate"] == 48_000)
            client.send(#"{"type":"speak","text":"\#(text(300))"}"#)
            let begin = try await client.begin()
            #expect(begin.format == StreamFormat(.opus, sampleRate: 48_000) && begin.preSkip > 0)
            let decoder = try OpusDecoder()
            var decoded = 0
            var next = try await client.nextAudio()
            while next.header.kind == .audioOut {
                #expect(next.header.timestamp == UInt32(next.header.sequence * 960))
                decoded += try decoder.decode(next.payload).count
                next = try await client.nextAudio()
            }
            #expect(next.header.kind == .end && next.header.timestamp == 14_400)
            #expect(decoded - begin.preSkip >= 14_400)
            client.report(.started, 0, of: begin)
            client.report(.finished, 300, of: begin)
        }
    }

    @Test func `MP3 is sent as the bytes of one stream`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            _ = try await client.listen(#"{"kind":"test","formats":["mp3"],"sample_rate":24000}"#)
            client.send(#"{"type":"speak","text":"\#(text(500))"}"#)
            let begin = try await client.begin()
            #expect(begin.format == StreamFormat(.mp3, sampleRate: 24_000) && begin.preSkip > 1_000)
            var bytes: [UInt8] = []
            var next = try await client.nextAudio()
            while next.header.kind == .audioOut {
                bytes += next.payload
                next = try await client.nextAudio()
            }
            #expect(next.header.timestamp == 12_000)
            #expect(bytes.prefix(2) == [0xFF, 0xF3], "an MPEG-2 layer III frame")
        }
    }

    @Test func `an abort flushes and ends when the listener is silent`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*"]}"#)
            _ = try await client.listen()
            client.send(#"{"type":"speak","text":"\#(text(3_000))"}"#)
            let begin = try await client.begin()
            _ = try await client.audio(frames: 10)
            client.report(.started, 0, of: begin)
            _ = try await client.next("job.started")
            client.send(#"{"type":"abort","req":"a","scope":"current"}"#)
            let flush = try await client.nextFrame(.flush)
            #expect(flush.header.channel == begin.channel)
            client.report(.flushed, 200, of: begin)
            let told = try await client.all(of: ["job.aborted", "ok"])
            #expect(told["job.aborted"]?["position_ms"] == 200)
            #expect(told["job.aborted"]?["estimated"] == false)
            #expect(told["ok"]?["aborted"] == [.string(begin.job.rawValue)])
            client.report(.progress, 250, of: begin)
            #expect(try await client.nextFrame(.flush).header.channel == begin.channel)
        }
    }

    @Test func `a position beyond what was sent counts as the end of that, also after a flush`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*"]}"#)
            _ = try await client.listen()
            client.send(#"{"type":"speak","text":"\#(text(3_000))"}"#)
            let begin = try await client.begin()
            _ = try await client.audio(frames: 50)
            client.report(.started, 0, of: begin)
            _ = try await client.next("job.started")
            client.send(#"{"type":"abort"}"#)
            _ = try await client.nextFrame(.flush)
            client.report(.flushed, 2_900, of: begin)
            #expect(try await client.next("job.aborted")["position_ms"] == 1_000)
        }
    }

    @Test func `the round trip of a listener is measured when it is opened`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            _ = try await client.listen()
            client.send(#"{"type":"ping"}"#)
            while await stage.dispatcher.listeners(visibleTo: .everything).first?.roundTrip == nil {
                await Task.yield()
            }
        }
    }

    @Test func `reports of others and of nothing change nothing`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*"]}"#)
            _ = try await client.listen()
            client.send(#"{"type":"speak","text":"\#(text(500))"}"#)
            let begin = try await client.begin()
            let stranger = try await stage.guest()
            stranger.report(.finished, 500, of: begin)
            stranger.report(.failed, 0, of: begin)
            try await stranger.ask("ping")
            client.report(.started, 0, of: begin)
            #expect(try await client.next("job.started")["job_id"]?.text == begin.job.rawValue)
        }
    }

    @Test func `several listeners of a connection hear a job once`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*"]}"#)
            let one = try await client.listen()
            let two = try await client.listen()
            client.send(#"{"type":"speak","text":"\#(text(200))"}"#)
            let begin = try await client.begin()
            #expect(try await client.audio(frames: 10) == ramp(0..<4_800))
            client.report(.started, 0, of: begin)
            client.report(.finished, 200, of: begin)
            let finished = try await client.next("job.finished")
            #expect(Set(finished["listeners"]?.elements ?? []) == [.string(one), .string(two)])
        }
    }

    @Test func `two connections share one channel`() async throws {
        try await Stage.run { stage in
            let clients = [try await stage.guest(), try await stage.guest()]
            for client in clients { _ = try await client.listen() }
            clients[0].send(#"{"type":"speak","text":"\#(text(200))"}"#)
            var channels: Set<UInt32> = []
            for client in clients {
                channels.insert(try await client.begin().channel)
                #expect(try await client.audio(frames: 10) == ramp(0..<4_800))
            }
            #expect(channels.count == 1)
        }
    }

    @Test func `a listener that was cut off goes on where its audio ends`() async throws {
        try await Stage.run { stage in
            let token = try await stage.token().text
            let first = try await stage.connect(token: token)
            try await first.ask("hello")
            let listener = try await first.listen()
            first.send(#"{"type":"speak","text":"\#(text(3_000))"}"#)
            let begin = try await first.begin()
            _ = try await first.audio(frames: 50)
            first.report(.started, 0, of: begin)
            first.report(.progress, 400, of: begin)
            _ = try await first.audio(frames: 20)
            first.close()
            let second = try await stage.connect(token: token)
            try await second.ask("hello")
            let resume = #"{"listener_id":"\#(listener)","job_id":"\#(begin.job)","received_ms":1400}"#
            let answer = try await second.ask("listener.open", #"{"kind":"test","resume":\#(resume)}"#)
            #expect(answer["listener_id"]?.text == listener)
            #expect(answer["resumed"] == true)
            let next = try await second.begin()
            #expect(next.start == .milliseconds(1_400) && next.channel != begin.channel)
            let frame = try await second.nextFrame(.audioOut)
            #expect(frame.header.timestamp == 33_600 && frame.samples == ramp(33_600..<34_080).map { $0 })
        }
    }

    @Test func `a listener is not taken up under another token`() async throws {
        try await Stage.run { stage in
            let owner = try await stage.guest()
            let listener = try await owner.listen()
            let stranger = try await stage.guest()
            let resume = #"{"listener_id":"\#(listener)","job_id":"job_x","received_ms":0}"#
            let answer = try await stranger.ask("listener.open", #"{"kind":"test","resume":\#(resume)}"#)
            #expect(answer["listener_id"]?.text != listener)
            #expect(answer["resumed"] == false)
            #expect(
                try await owner.ask("listener.state", #"{"listener_id":"\#(listener)","ready":true}"#)["type"] == "ok")
        }
    }

    @Test func `a listener that cannot be heard gets nothing until it can`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*","listener.*"]}"#)
            let listener = try await client.listen(#"{"kind":"test","ready":false,"reason":"suspended"}"#)
            client.send(#"{"type":"speak","text":"Hi","deliver":"session"}"#)
            #expect(try await client.next("job.held")["reason"] == "no_listener")
            try await client.ask("listener.state", #"{"listener_id":"\#(listener)","ready":true}"#)
            #expect(try await client.begin().listener.rawValue == listener)
        }
    }

    @Test func `a listener mutes a voice, and its list says so`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*","listener.*"]}"#)
            let listener = try await client.listen(#"{"kind":"test","volume":0.5}"#)
            client.send(#"{"type":"speak","text":"\#(text(300))"}"#)
            let begin = try await client.begin()
            client.report(.started, 0, of: begin)
            let voice = try #require(try await client.next("job.started")["voice"]?.text)
            let mute = #"{"listener_id":"\#(listener)","delay_ms":40,"mute":{"voices":["\#(voice)"]}}"#
            try await client.ask("listener.update", mute)
            let held = try await client.next("job.held")
            #expect(held["reason"] == "no_listener")
            let trim = try #require(await stage.dispatcher.listeners(visibleTo: .everything).first?.description.trim)
            #expect(trim.volume == 0.5 && trim.delay == .milliseconds(40) && trim.mutedVoices == [voice])
            let unmute = #"{"listener_id":"\#(listener)","delay_ms":0,"mute":{"voices":[]}}"#
            try await client.ask("listener.update", unmute)
            #expect(try await client.begin().job == begin.job)
        }
    }

    @Test func `what is aborted before its delay is over is never sent`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*"]}"#)
            let listener = try await client.listen(#"{"kind":"test","delay_ms":400}"#)
            try await client.ask("speak", #"{"text":"\#(text(300))"}"#)
            await stage.engine.waitForClauses(1)
            try await client.ask("abort", #"{"scope":"session"}"#)
            try await client.ask("listener.update", #"{"listener_id":"\#(listener)","delay_ms":0}"#)
            let second = try await client.ask("speak", #"{"text":"\#(text(300))"}"#)
            #expect(try await client.begin().job.rawValue == second["job_id"]?.text)
        }
    }

    @Test func `a closed connection takes its listeners with it`() async throws {
        try await Stage.run { stage in
            let watcher = try await stage.guest()
            try await watcher.ask("subscribe", #"{"events":["listener.*"]}"#)
            let client = try await stage.guest()
            let listener = try await client.listen()
            client.close()
            #expect(try await watcher.next("listener.detached")["listener_id"]?.text == listener)
            #expect(await stage.dispatcher.listeners(visibleTo: .everything).isEmpty)
        }
    }
}

extension Grant {
    /// That of the server's owner.
    static let everything = Grant(token: TokenID("tok_test"), scopes: .all)
}
