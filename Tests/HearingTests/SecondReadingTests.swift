import Hearing
import Testing
import VoiceCore
import VoiceTesting

/// What becomes of a second reading.
@Suite(.timeLimit(.minutes(1))) struct SecondReadingTests {
    private static func reading(_ words: [(String, Double)]) -> Transcript {
        let words = words.enumerated().map { index, word in
            TranscriptWord(
                text: word.0, start: .milliseconds(100 * index), end: .milliseconds(100 * index + 100),
                confidence: word.1)
        }
        return Transcript(text: words.map(\.text).joined(separator: " "), words: words)
    }

    private static let unsure = reading([("ask", 0.9), ("knot", 0.2), ("your", 0.9), ("county", 0.8)])
    private static let later = reading([("ask", 0.1), ("not", 0.6), ("your", 0.1), ("country", 0.4)])

    @Test func `of two readings by one engine the surer words are told`() async throws {
        let engine = FakeTranscriber(readings: [.second], first: Self.unsure, second: Self.later)
        try await SourceStage.run(engine) { stage in
            let told = try await Self.story(of: stage, until: "revised")
            #expect(told.last == "revised ask not your county")
        }
    }

    @Test func `a second reading that is nowhere surer is not told`() async throws {
        var first = Self.unsure
        first.text = "Ask: knot your county."
        let second = Self.reading([("ask", 0.1), ("not", 0.1), ("your", 0.1), ("county", 0.1)])
        let engine = FakeTranscriber(readings: [.second], first: first, second: second)
        try await SourceStage.run(engine) { stage in
            let told = try await Self.story(of: stage, until: "stopped")
            #expect(!told.contains { $0.hasPrefix("revised") })
            #expect(stage.transcriber.requests.map(\.reading).contains(.second))
        }
    }

    @Test func `what another engine reads is told as it is`() async throws {
        let large = FakeTranscriber(name: "large", first: Self.later)
        let engine = FakeTranscriber(first: Self.unsure)
        try await SourceStage.run(engine, others: [large], reviser: "large") { stage in
            let told = try await Self.story(of: stage, until: "revised")
            #expect(told.last == "revised ask not your country")
        }
    }

    /// What is told of one sentence.
    private static func story(of stage: SourceStage, until end: String) async throws -> [String] {
        var story = Story(stage.events)
        let link = FakeLink()
        let opened = try await stage.directory.open(stage.request(), over: link)
        try stage.send([(false, 500), (true, 1_000), (false, 1_000)], to: opened, over: link)
        guard end == "stopped" else { return await story.until(end) }
        let said = await story.until("final")
        await stage.transcriber.waitForRequests(2)
        try await stage.directory.close(opened.id, by: link)
        return said + (await story.until(end))
    }
}
