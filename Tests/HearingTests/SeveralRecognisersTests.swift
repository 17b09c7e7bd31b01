import Flow
import Hearing
import Testing
import VoiceCore
import VoiceTesting

/// What becomes of utterances where there is more than one recogniser.
@Suite(.timeLimit(.minutes(1))) struct SeveralRecognisersTests {
    private static let sentence = [(false, 500), (true, 1_000), (false, 1_000)]

    /// Says a sentence, and returns the final text and the one that replaces it, if that is awaited.
    private static func say(
        to stage: SourceStage, _ settings: RecognitionSettings = RecognitionSettings(), revises: Bool = false
    ) async throws -> [UtteranceTranscript] {
        var cursor = stage.events.cursor { $0.utterance != nil }
        let link = FakeLink()
        var request = stage.request()
        request.recognition = settings
        let opened = try await stage.directory.open(request, over: link)
        try stage.send(sentence, to: opened, over: link)
        var said: [UtteranceTranscript] = []
        while said.count < (revises ? 2 : 1), let item = await cursor.next() {
            guard case .fact(_, let event) = item else { continue }
            switch event.body {
            case .transcriptFinal(let text), .transcriptRevised(let text): said.append(text)
            case .transcriptFailed: return said
            default: break
            }
        }
        try await stage.directory.close(opened.id, by: link)
        return said
    }

    @Test func `an engine of this machine reads what one elsewhere does not, and says so`() async throws {
        let far = FakeTranscriber(
            .fails(.failed(engine: "far", message: "no money left")), name: "far", isRemote: true)
        try await SourceStage.run(far, others: [FakeTranscriber(name: "near")]) { stage in
            let said = try #require(try await Self.say(to: stage).first)
            #expect(said.engine == "near" && !said.transcript.text.isEmpty)
            #expect(said.fallback == ReadingFallback(engine: "far", reason: "no money left"))
        }
    }

    @Test func `an engine elsewhere that cannot be reached is waited for a second`() async throws {
        let far = FakeTranscriber(.fails(.notReady(engine: "far")), name: "far", isRemote: true)
        let near = FakeTranscriber(name: "near")
        try await SourceStage.run(far, others: [near]) { stage in
            async let all = Self.say(to: stage)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await near.waitForRequests(1) }
                // Time passes as soon as somebody waits for it.
                group.addTask {
                    let step = Duration.milliseconds(500)
                    while await stage.clock.waitForSleep(within: step) { stage.clock.advance(by: step) }
                }
                await group.next()
                group.cancelAll()
            }
            #expect(far.requests.count > 1, "it is asked again")
            let said = try #require(try await all.first)
            #expect(said.engine == "near" && said.fallback?.engine == "far")
        }
    }

    @Test func `one that answers in time needs nobody in its place`() async throws {
        let near = FakeTranscriber(name: "near")
        try await SourceStage.run(FakeTranscriber(name: "far", isRemote: true), others: [near]) { stage in
            let said = try #require(try await Self.say(to: stage).first)
            #expect(said.engine == "far" && said.fallback == nil && near.requests.isEmpty)
        }
    }

    @Test func `an engine of this machine that fails is not replaced by one elsewhere`() async throws {
        let near = FakeTranscriber(.fails(.died(engine: "near")), name: "near")
        let far = FakeTranscriber(name: "far", isRemote: true)
        try await SourceStage.run(near, others: [far]) { stage in
            let said = try await Self.say(to: stage)
            #expect(said.isEmpty && far.requests.isEmpty)
        }
    }

    @Test func `another engine reads everything a second time, and nobody waits for it`() async throws {
        let large = FakeTranscriber(name: "large", readings: [.second], isRemote: true)
        try await SourceStage.run(FakeTranscriber(name: "small"), others: [large], reviser: "large") { stage in
            let said = try await Self.say(to: stage, revises: true)
            #expect(said.map(\.engine) == ["small", "large"])
            #expect(said.last?.transcript.text.hasSuffix("exactly") == true)
            #expect(large.requests.map(\.reading) == [.second] && large.requests.allSatisfy(\.isSpare))
        }
    }

    @Test func `what nobody waits for is read in spare time, and given up where there is none`() async throws {
        let settings = RecognitionSettings(revise: false, isSpare: true)
        try await SourceStage.run(FakeTranscriber()) { stage in
            let said = try await Self.say(to: stage, settings)
            #expect(said.count == 1)
            #expect(stage.transcriber.requests.map(\.isSpare) == [true])
        }
        try await SourceStage.run(FakeTranscriber(.fails(.shed(engine: "fake")))) { stage in
            var story = Story(stage.events)
            let said = try await Self.say(to: stage, settings)
            #expect(said.isEmpty)
            #expect(await story.until("failed").last == "failed overloaded")
        }
    }

    @Test(arguments: [true, false]) func `what was taken back is not read to its end`(_ isAll: Bool) async throws {
        let large = FakeTranscriber(.waits, name: "large", readings: [.second], isRemote: true)
        try await SourceStage.run(FakeTranscriber(name: "small"), others: [large], reviser: "large") { stage in
            var cursor = stage.events.cursor { $0.source != nil }
            _ = try await Self.say(to: stage)
            await large.waitForRequests(1)
            // The source was closed; it ends although nobody has read the utterance again.
            while let item = await cursor.next() {
                guard case .fact(_, let event) = item else { continue }
                if case .transcriptFinal = event.body, let utterance = event.utterance {
                    isAll
                        ? stage.forgotten.forgetAll(of: .default)
                        : stage.forgotten.forget(DraftID("dra_a"), [utterance])
                }
                if case .transcriptRevised = event.body { Issue.record("it was told") }
                if case .sourceStopped = event.body { break }
            }
        }
    }

    @Test func `a source may choose who reads it again, which need not know of second readings`() async throws {
        let (large, huge) = (FakeTranscriber(name: "large"), FakeTranscriber(name: "huge"))
        let small = FakeTranscriber(name: "small", readings: [.second])
        try await SourceStage.run(small, others: [large, huge], reviser: "large") { stage in
            _ = try await Self.say(to: stage, RecognitionSettings(reviser: "huge"))
            while huge.requests.isEmpty { await Task.yield() }
            #expect(huge.requests.map(\.reading) == [.live(partials: false)] && huge.requests.allSatisfy(\.isSpare))
            #expect(large.requests.isEmpty && small.requests.map(\.reading) == [.live(partials: true)])
        }
    }

    @Test func `a source that names a second reader who is not there is refused`() async throws {
        try await SourceStage.run { stage in
            await #expect(throws: SourceRefusal.unknownEngine("nobody")) {
                _ = try await Self.say(to: stage, RecognitionSettings(reviser: "nobody"))
            }
        }
    }
}
