import Hearing
import Testing
import VoiceCore
import VoiceTesting

/// Names that are used again: by the client that was cut off, by another one, or for something new.
@Suite(.timeLimit(.minutes(1))) struct SourceReturnTests {
    private static let sentence = [(true, 1_000), (false, 1_000)]

    @Test func `a source that begins anew is heard from its first sample on`() async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let (first, second) = (FakeLink(), FakeLink())
            var request = stage.request("desk")
            let opened = try await stage.directory.open(request, over: first)
            try stage.send(Self.sentence, to: opened, over: first)
            _ = await story.until("final")
            await stage.directory.leave(first)
            request.beginsAnew = true
            let again = try await stage.directory.open(request, over: second)
            #expect(again.place == .from(.zero))
            #expect(again.isPaused == nil)
            try stage.send(Self.sentence, to: again, over: second)
            let told = await story.until("final")
            #expect(told.prefix(3) == ["stopped replaced", "started", "speech"])
        }
    }

    @Test func `what was understood an hour ago does not matter to a source that begins anew`() async throws {
        try await SourceStage.run { stage in
            let id = SourceID("desk")
            stage.marks.keep(SourceMark(source: id, token: TokenID("mine"), session: .default, position: .seconds(20)))
            var request = stage.request("desk")
            let link = FakeLink()
            request.beginsAnew = true
            request.token = TokenID("other")
            await #expect(throws: SourceRefusal.unknownSource) {
                try await stage.directory.open(request, over: link)
            }
            request.token = TokenID("mine")
            let opened = try await stage.directory.open(request, over: link)
            #expect(opened.place == .from(.zero))
            #expect(await stage.marks.mark(of: id) == nil)
        }
    }

    @Test func `where there is no room for a source that begins anew, the one that runs goes on`() async throws {
        let limits = SourceLimits(sources: 1, sourcesPerSession: 1)
        try await SourceStage.run(FakeTranscriber(.waits), limits: limits) { stage in
            var story = Story(stage.events)
            let links = (0..<3).map { _ in FakeLink() }
            var request = stage.request("desk")
            request.beginsAnew = true
            let opened = try await stage.directory.open(request, over: links[0])
            try stage.send(Self.sentence, to: opened, over: links[0])
            _ = await story.until("silence")
            // It takes the place of the one before, whose last words are still being read.
            _ = try await stage.directory.open(request, over: links[1])
            await #expect(throws: SourceRefusal.tooMany(limit: 1)) {
                try await stage.directory.open(request, over: links[2])
            }
            #expect(links[0].controls.last == .stop(reason: "replaced"))
            #expect(links[1].controls == [.slowDown])
        }
    }

    @Test func `what was still being read when its client came back is not read again`() async throws {
        try await SourceStage.run(FakeTranscriber(.waits)) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request("desk"), over: link)
            let sound = [(true, 1_000), (false, 100)]
            try stage.send(sound, to: opened, over: link)
            _ = await story.until("speech")
            await stage.directory.leave(link)
            stage.clock.advance(by: .seconds(30))
            _ = await story.until("silence")
            let again = try await stage.directory.open(stage.request("desk"), over: link)
            #expect(again.place == .from(.zero))
            try stage.send(sound + [(false, 1_000)], to: again, over: link)
            stage.transcriber.set(.hears)
            #expect(await story.until("stopped") == ["final 1100 ms", "stopped lost"])
            try await stage.directory.close(again.id, by: link)
            #expect(await story.until("stopped") == ["started", "stopped closed"])
        }
    }

    @Test func `what a lost source has said since does not matter to one that begins anew`() async throws {
        try await SourceStage.run(FakeTranscriber(.waits)) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            var request = stage.request("desk")
            request.recognition.patience = .seconds(600)
            let opened = try await stage.directory.open(request, over: link)
            try stage.send(Self.sentence, to: opened, over: link)
            _ = await story.until("silence")
            await stage.directory.leave(link)
            while await stage.directory.census().ending == 0 { await Self.pass(stage) }
            request.beginsAnew = true
            let again = try await stage.directory.open(request, over: link)
            #expect(again.place == .from(.zero))
            stage.transcriber.set(.hears)
            #expect(await story.until("started").suffix(2) == ["stopped lost", "started"])
            #expect(await stage.marks.mark(of: again.id) == nil)
        }
    }

    @Test func `a client whose source another one takes is told`() async throws {
        try await SourceStage.run { stage in
            let links = (0..<3).map { _ in FakeLink() }
            var request = stage.request("desk")
            _ = try await stage.directory.open(request, over: links[0])
            _ = try await stage.directory.open(request, over: links[1])
            _ = try await stage.directory.open(request, over: links[1])
            request.beginsAnew = true
            _ = try await stage.directory.open(request, over: links[2])
            #expect(links[0].controls == [.stop(reason: "taken_up")])
            #expect(links[1].controls == [.stop(reason: "replaced")])
            // Until the last words of the one before are read it is to send slowly.
            #expect(links[2].controls.first == .slowDown)
            await links[2].wait(for: .resume)
        }
    }

    @Test func `what a client asks for when it comes back holds, and so does what others changed`() async throws {
        try await SourceStage.run { stage in
            let link = FakeLink()
            var request = stage.request("desk")
            _ = try await stage.directory.open(request, over: link)
            try await stage.directory.update(
                SourceID("desk"), VoiceDetectionSettings(threshold: 0.7), nil, records: true)
            request.speaker = "Ann"
            request.recognition.language = "en"
            _ = try await stage.directory.open(request, over: link)
            let all = Grant(token: TokenID("x"), scopes: .all)
            let running = try await stage.directory.source(SourceID("desk"), visibleTo: all)
            #expect(running.speaker == "Ann" && running.recognition.language == "en")
            #expect(running.detection.threshold == 0.7 && running.records)
        }
    }

    @Test func `a client that comes back learns whether it pauses`() async throws {
        try await SourceStage.run { stage in
            let (link, visitor) = (FakeLink(), FakeLink())
            let request = stage.request("desk")
            _ = try await stage.directory.open(request, over: link)
            for isPaused in [true, false] {
                await stage.directory.leave(link)
                try await stage.directory.setPaused(isPaused, SourceID("desk"), by: visitor)
                let opened = try await stage.directory.open(request, over: link)
                #expect(opened.isPaused == isPaused)
            }
            #expect(link.controls == [.pause])
        }
    }

    @Test func `catching up ends no pause`() async throws {
        try await SourceStage.run(FakeTranscriber(.waits)) { stage in
            var story = Story(stage.events)
            let (link, visitor) = (FakeLink(), FakeLink())
            let opened = try await stage.directory.open(stage.request("desk"), over: link)
            try stage.send(Self.sentence, to: opened, over: link)
            _ = await story.until("silence")
            while link.controls != [.slowDown] { await Self.pass(stage) }
            try await stage.directory.setPaused(true, opened.id, by: visitor)
            try await stage.directory.setPaused(false, opened.id, by: visitor)
            // It is still slow.
            #expect(link.controls == [.slowDown, .pause, .resume, .slowDown])
            try await stage.directory.setPaused(true, opened.id, by: visitor)
            stage.transcriber.set(.hears)
            _ = await story.until("final")
            for _ in 0..<20 { await Self.pass(stage) }
            #expect(link.controls == [.slowDown, .pause, .resume, .slowDown, .pause])
            try await stage.directory.setPaused(false, opened.id, by: link)
            // It asked for that itself, and learns that it may be fast again.
            while link.controls.last != .resume { await Self.pass(stage) }
            #expect(link.controls.count == 6)
        }
    }

    @Test func `an utterance whose source stalls ends as it is after 30 s, and the source goes on`() async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request("desk"), over: link)
            try stage.send([(true, 1_000), (false, 100)], to: opened, over: link)
            _ = await story.until("speech")
            var seconds = 0.0
            while await stage.marks.mark(of: opened.id) == nil {
                await Self.pass(stage)
                seconds += 0.5
            }
            #expect(seconds >= 30)
            #expect(await story.until("final") == ["silence", "final 1100 ms"])
            try stage.send(Self.sentence, from: 17_600, to: opened, over: link)
            #expect(await story.until("final").prefix(2) == ["speech", "silence"])
        }
    }

    private static func pass(_ stage: SourceStage) async {
        stage.clock.advance(by: .milliseconds(500))
        for _ in 0..<10 { await Task.yield() }
    }
}
