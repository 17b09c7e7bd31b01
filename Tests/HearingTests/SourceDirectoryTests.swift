import Flow
import Hearing
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct SourceDirectoryTests {
    private static let sentence = [(false, 500), (true, 1_000), (false, 1_000)]

    @Test func `speech becomes text, and the source ends when all is understood`() async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request(), over: link)
            #expect(opened.place == .next(sequence: 0))
            try stage.send(Self.sentence + Self.sentence, to: opened, over: link)
            try await stage.directory.close(opened.id, by: link)
            #expect(
                await story.until("stopped").filter { !$0.hasPrefix("final") }
                    == ["started", "speech", "silence", "speech", "silence", "stopped closed"])
            #expect(stage.transcriber.requests.count == 2)
            #expect(stage.transcriber.requests[1].adaptation?.values == [1])
            #expect(await stage.directory.list(visibleTo: Grant(token: TokenID("x"), scopes: .all)).isEmpty)
        }
    }

    @Test func `texts come in the order in which they were said`() async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request(), over: link)
            try stage.send([(true, 500), (false, 1_000), (true, 900), (false, 1_000)], to: opened, over: link)
            try await stage.directory.close(opened.id, by: link)
            // Windows of 32 ms, and 300 ms after the speech.
            #expect(await story.until("stopped").filter { $0.hasPrefix("final") } == ["final 812 ms", "final 1528 ms"])
        }
    }

    @Test(arguments: [80.0, 74, 49])
    func `a short utterance is an order if its sound is one`(_ score: Double) async throws {
        let order = Transcript(text: "stop", confidence: score / 100)
        try await SourceStage.run(FakeTranscriber(readings: [.orders, .second], order: order)) { stage in
            var cursor = stage.events.cursor { $0.utterance != nil }
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request("desk"), over: link)
            try stage.send([(true, 300), (false, 1_000)], to: opened, over: link)
            let said = try #require(await Self.text(&cursor))
            #expect(said.order == (score < 50 ? nil : HeardOrder(text: "stop", score: score)))
            #expect(said.transcript.text == (score >= 75 ? "stop" : "\(Int(said.end / .milliseconds(1))) ms"))
            let question = Reading.orders(OrderGrammar(text: "for desk"))
            #expect(stage.transcriber.requests.map(\.reading).contains(question))
        }
    }

    @Test func `what is too long for an order is not held for one`() async throws {
        let order = Transcript(text: "stop", confidence: 1)
        try await SourceStage.run(FakeTranscriber(readings: [.orders], order: order)) { stage in
            var cursor = stage.events.cursor { $0.utterance != nil }
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request(), over: link)
            try stage.send(Self.sentence, to: opened, over: link)
            #expect(try #require(await Self.text(&cursor)).order == nil)
            #expect(stage.transcriber.requests.count == 1)
        }
    }

    /// The next final text.
    private static func text(_ cursor: inout BroadcastCursor<Event>) async -> UtteranceTranscript? {
        while let item = await cursor.next() {
            if case .fact(_, let event) = item, case .transcriptFinal(let said) = event.body { return said }
        }
        return nil
    }

    @Test func `a better reading follows where the engine has one`() async throws {
        try await SourceStage.run(FakeTranscriber(readings: [.partials, .second])) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request(), over: link)
            try stage.send(Self.sentence, to: opened, over: link)
            let first = await story.until("final").last
            #expect(await story.until("revised") == ["revised \(first?.dropFirst(6) ?? "") exactly"])
            try await stage.directory.update(
                opened.id, nil, RecognitionSettings(engine: RecognitionSettings.noEngine))
            try stage.send(Self.sentence, from: 40_000, to: opened, over: link)
            try await stage.directory.close(opened.id, by: link)
            #expect(await story.until("stopped") == ["updated", "speech", "silence", "stopped closed"])
        }
    }

    @Test func `a client that comes back goes on where it was`() async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let first = FakeLink()
            let opened = try await stage.directory.open(stage.request("desk"), over: first)
            #expect(opened.place == .from(.zero))
            try stage.send([(true, 1_000)], to: opened, over: first)
            await stage.directory.leave(first)
            stage.clock.advance(by: .seconds(29))
            let second = FakeLink()
            let again = try await stage.directory.open(stage.request("desk"), over: second)
            #expect(again.place == .next(sequence: 50))
            // Some of it comes twice, and something from the connection of before.
            try stage.send([(true, 1_000)], to: again, over: second)
            try stage.send([(false, 1_000)], from: 64_000, to: opened, over: first)
            try stage.send([(true, 1_000), (false, 1_000)], from: 16_000, to: again, over: second)
            #expect(await story.until("final") == ["started", "speech", "silence", "final 2316 ms"])
        }
    }

    @Test func `after 30 s without its client a source ends as it is`() async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request("desk"), over: link)
            try stage.send([(true, 1_000), (false, 100)], to: opened, over: link)
            _ = await story.until("speech")
            await stage.directory.leave(link)
            stage.clock.advance(by: .seconds(30))
            #expect(await story.until("stopped") == ["silence", "final 1100 ms", "stopped lost"])
            let again = try await stage.directory.open(stage.request("desk"), over: link)
            #expect(again.place == .from(.milliseconds(1_100)))
            try await stage.directory.close(again.id, by: link)
            await stage.marks.waitUntilForgotten(SourceID("desk"))
        }
    }

    @Test func `a source belongs to its token`() async throws {
        try await SourceStage.run { stage in
            let link = FakeLink()
            _ = try await stage.directory.open(stage.request("desk"), over: link)
            await #expect(throws: SourceRefusal.unknownSource) {
                try await stage.directory.open(stage.request("desk", token: "other"), over: link)
            }
            await #expect(throws: SourceRefusal.differs) {
                try await stage.directory.open(stage.request("desk", session: "b"), over: link)
            }
            let bound = Grant(token: TokenID("x"), scopes: .all, session: SessionID("b"))
            await #expect(throws: SourceRefusal.unknownSource) {
                try await stage.directory.source(SourceID("desk"), visibleTo: bound)
            }
            stage.marks.keep(
                SourceMark(source: SourceID("lamp"), token: TokenID("other"), session: .default, position: .zero))
            await #expect(throws: SourceRefusal.unknownSource) {
                try await stage.directory.open(stage.request("lamp"), over: link)
            }
        }
    }

    @Test func `there are only so many sources`() async throws {
        try await SourceStage.run(limits: SourceLimits(sources: 3, sourcesPerSession: 2)) { stage in
            let link = FakeLink()
            for _ in 0..<2 { _ = try await stage.directory.open(stage.request(), over: link) }
            await #expect(throws: SourceRefusal.tooManyOfSession(limit: 2)) {
                try await stage.directory.open(stage.request(), over: link)
            }
            _ = try await stage.directory.open(stage.request(session: "b"), over: link)
            await #expect(throws: SourceRefusal.tooMany(limit: 3)) {
                try await stage.directory.open(stage.request(session: "c"), over: link)
            }
            var request = stage.request()
            request.recognition.engine = "nobody"
            await #expect(throws: SourceRefusal.unknownEngine("nobody")) {
                try await stage.directory.open(request, over: link)
            }
        }
    }

    @Test func `somebody else may pause a source and end it`() async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let (link, visitor) = (FakeLink(), FakeLink())
            let opened = try await stage.directory.open(stage.request(), over: link)
            try stage.send([(true, 1_000), (false, 100)], to: opened, over: link)
            _ = await story.until("speech")
            try await stage.directory.setPaused(true, opened.id, by: visitor)
            #expect(Set(await story.until("final")) == ["paused", "silence", "final 1100 ms"])
            try stage.send([(true, 1_000)], from: 17_600, to: opened, over: link)
            try await stage.directory.setPaused(false, opened.id, by: visitor)
            try stage.send([(true, 1_000), (false, 1_000)], from: 160_000, to: opened, over: link)
            #expect(await story.until("final") == ["updated", "speech", "silence", "final 1324 ms"])
            try await stage.directory.close(opened.id, by: visitor)
            #expect(link.controls == [.pause, .resume, .stop(reason: "closed")])
            #expect(visitor.controls == [])
        }
    }

    @Test func `text that does not come slows the client down and fails after 20 s`() async throws {
        try await SourceStage.run(FakeTranscriber(.waits)) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request(), over: link)
            try stage.send(Self.sentence, to: opened, over: link)
            _ = await story.until("silence")
            // The watch sleeps between its looks, so time passes in small steps.
            while !link.controls.contains(.slowDown) {
                stage.clock.advance(by: .milliseconds(500))
                await Task.yield()
            }
            #expect(await story.lag() >= LagRule.worthTelling)
            stage.clock.advance(by: .seconds(20))
            #expect(await story.until("failed") == ["failed overloaded"])
            stage.transcriber.set(.hears)
            try stage.send(Self.sentence, from: 40_000, to: opened, over: link)
            _ = await story.until("final")
            while !link.controls.contains(.resume) {
                stage.clock.advance(by: .milliseconds(500))
                await Task.yield()
            }
        }
    }

    @Test func `first second readings are given up, then partial text, never final text`() async throws {
        let transcriber = FakeTranscriber(.waits, readings: [.partials, .second])
        try await SourceStage.run(transcriber) { stage in
            var story = Story(stage.events)
            let (link, other) = (FakeLink(), FakeLink())
            let slow = try await stage.directory.open(stage.request("slow"), over: link)
            try stage.send(Self.sentence, to: slow, over: link)
            _ = await story.until("silence")
            while !link.controls.contains(.slowDown) {
                stage.clock.advance(by: .milliseconds(500))
                await Task.yield()
            }
            let late = try await stage.directory.open(stage.request("late"), over: other)
            try stage.send(Self.sentence, to: late, over: other)
            _ = await story.until("silence")
            stage.transcriber.set(.hears)
            try await stage.directory.close(slow.id, by: link)
            try await stage.directory.close(late.id, by: other)
            var told = await story.until("stopped")
            told += await story.until("stopped")
            #expect(told.count { $0.hasPrefix("final") } == 2)
            #expect(told.count { $0.hasPrefix("revised") } == 0)
            #expect(transcriber.requests.map(\.reading) == [.live(partials: true), .live(partials: false)])
        }
    }

    @Test func `a source that has patience waits as long for its text`() async throws {
        try await SourceStage.run(FakeTranscriber(.waits)) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            var request = stage.request()
            request.recognition.patience = .seconds(600)
            let opened = try await stage.directory.open(request, over: link)
            try stage.send(Self.sentence, to: opened, over: link)
            _ = await story.until("silence")
            for _ in 0..<20 {
                stage.clock.advance(by: .seconds(25))
                for _ in 0..<20 { await Task.yield() }
            }
            stage.transcriber.set(.hears)
            #expect(await story.until("final").count == 1)
            stage.transcriber.set(.waits)
            try stage.send(Self.sentence, from: 40_000, to: opened, over: link)
            #expect(await story.until("silence") == ["speech", "silence"])
            stage.clock.advance(by: .seconds(601))
            #expect(await story.until("failed") == ["failed overloaded"])
        }
    }

    @Test func `the start of an engine is not counted as being behind`() async throws {
        try await SourceStage.run(FakeTranscriber(.waits)) { stage in
            stage.transcriber.set(.starting)
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request(), over: link)
            try stage.send(Self.sentence + Self.sentence, to: opened, over: link)
            for _ in 0..<2 { _ = await story.until("silence") }
            for _ in 0..<60 {
                stage.clock.advance(by: .seconds(1))
                for _ in 0..<20 { await Task.yield() }
            }
            stage.transcriber.set(.ready)
            stage.transcriber.set(.hears)
            for _ in 0..<2 { #expect(await story.until("final").count == 1) }
        }
    }

    @Test func `an engine that is away is waited for, one that fails is not`() async throws {
        try await SourceStage.run(FakeTranscriber(.fails(.notReady(engine: "fake")))) { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let opened = try await stage.directory.open(stage.request(), over: link)
            try stage.send(Self.sentence, to: opened, over: link)
            _ = await story.until("silence")
            while stage.transcriber.requests.count < 3 {
                stage.clock.advance(by: .milliseconds(500))
                await Task.yield()
            }
            stage.transcriber.set(.hears)
            stage.clock.advance(by: .milliseconds(500))
            #expect(await story.until("final").last?.hasPrefix("final") == true)
            stage.transcriber.set(.fails(.died(engine: "fake")))
            try stage.send(Self.sentence, from: 40_000, to: opened, over: link)
            #expect(await story.until("failed").last == "failed engine_failed")
        }
    }

    @Test func `sources end with their session`() async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let link = FakeLink()
            let other = try await stage.directory.open(stage.request(session: "b"), over: link)
            _ = try await stage.directory.open(stage.request(session: "a"), over: link)
            #expect(await story.until("started") == ["started"])
            // The directory begins to follow events a moment after it was started.
            while link.controls.isEmpty {
                stage.events.publish(event: Event(.sessionEnded(reason: "requested"), session: SessionID("a")))
                await Task.yield()
            }
            #expect(await story.until("stopped").last == "stopped session_ended")
            #expect(
                await stage.directory.list(visibleTo: Grant(token: TokenID("x"), scopes: .all)).map(\.id) == [other.id])
        }
    }

    @Test func `what is being said when the server stops is understood`() async throws {
        let events = try await farewell(FakeTranscriber())
        #expect(events == ["silence", "final 1100 ms", "stopped server_stopping"])
    }

    @Test func `what cannot be understood in time when the server stops is told`() async throws {
        let events = try await farewell(FakeTranscriber(.waits))
        #expect(events == ["silence", "failed server_stopping", "stopped server_stopping"])
    }

    /// What is told when the directory is stopped in the middle of an utterance.
    private func farewell(_ transcriber: FakeTranscriber) async throws -> [String] {
        let stage = SourceStage.make(transcriber)
        var story = Story(stage.events)
        let link = FakeLink()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await stage.directory.run() }
            let opened = try await stage.directory.open(stage.request(), over: link)
            try stage.send([(true, 1_000), (false, 100)], to: opened, over: link)
            _ = await story.until("speech")
            group.cancelAll()
            let silence = await story.until("silence")
            if case .waits = transcriber.mode { stage.clock.advance(by: .seconds(4)) }
            let rest = await story.until("stopped")
            try await group.waitForAll()
            return silence + rest
        }
    }
}
