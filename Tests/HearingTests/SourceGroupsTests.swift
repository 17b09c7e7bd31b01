import Flow
import Hearing
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct SourceGroupsTests {
    @Test func `a group's transcript is in the order in which it was said`() async throws {
        try await SourceStage.run { stage in
            var (story, ann, _) = try await Self.meeting(stage)
            try await stage.directory.flush(ann.id)
            let rest = await story.until("Bob")
            #expect(rest == ["silence", "final 1600 ms", "Ann: 1600 ms", "Bob: 812 ms"])
        }
    }

    @Test(arguments: [false, true]) func `what is taken back while it waits for others is not told`(
        _ isOneUtterance: Bool
    ) async throws {
        try await SourceStage.run { stage in
            let cursor = stage.events.cursor { $0.source == SourceID("bob") && $0.utterance != nil }
            var (story, ann, bob) = try await Self.meeting(stage)
            if isOneUtterance {
                stage.forgotten.forget(DraftID("dra_a"), [try #require(Self.utterance(cursor))])
            } else {
                stage.forgotten.forgetAll(of: .default)
            }
            try await stage.directory.flush(ann.id)
            #expect(await story.until("Ann") == ["silence", "final 1600 ms", "Ann: 1600 ms"])
            try await stage.directory.close(bob.id, by: FakeLink())
            #expect(await story.until("stopped") == ["stopped closed"])
        }
    }

    @Test func `a recording that is read slowly holds up nobody of its group for long`() async throws {
        let slow = FakeTranscriber(.waits, name: "slow")
        try await SourceStage.run(others: [slow]) { stage in
            var story = Story(stage.events)
            let (link, other) = (FakeLink(), FakeLink())
            var request = stage.request("tape")
            (request.group, request.speaker) = (GroupID("meeting"), "Tape")
            request.recognition = RecognitionSettings(
                engine: "slow", patience: RecognitionSettings.longestPatience)
            let tape = try await stage.directory.open(request, over: link)
            try stage.send([(false, 500), (true, 1_000), (false, 1_000)], to: tape, over: link)
            _ = await story.until("silence")
            (request.id, request.speaker) = (SourceID("bob"), "Bob")
            request.recognition = RecognitionSettings()
            let bob = try await stage.directory.open(request, over: other)
            stage.clock.advance(by: .seconds(1))
            try stage.send([(true, 500), (false, 1_000)], to: bob, over: other)
            #expect(await story.until("final").last == "final 812 ms")
            stage.clock.advance(by: .seconds(40))
            #expect(await story.until("Bob") == ["Bob: 812 ms"])
            slow.set(.hears)
            #expect(await story.until("Tape").count == 2)
        }
    }

    /// Ann begins first and still speaks; what Bob said meanwhile has its text and waits for hers.
    private static func meeting(
        _ stage: SourceStage
    ) async throws -> (story: Story, ann: OpenedSource, bob: OpenedSource) {
        var story = Story(stage.events)
        let (link, other) = (FakeLink(), FakeLink())
        var request = stage.request("ann")
        (request.group, request.speaker) = (GroupID("meeting"), "Ann")
        let ann = try await stage.directory.open(request, over: link)
        (request.id, request.speaker) = (SourceID("bob"), "Bob")
        let bob = try await stage.directory.open(request, over: other)
        try stage.send([(true, 1_400), (false, 200)], to: ann, over: link)
        _ = await story.until("speech")
        stage.clock.advance(by: .seconds(4))
        try stage.send([(true, 500), (false, 1_000)], to: bob, over: other)
        _ = await story.until("final")
        return (story, ann, bob)
    }

    /// The first that was told.
    private static func utterance(_ cursor: BroadcastCursor<Event>) -> UtteranceID? {
        var cursor = cursor
        while let item = cursor.nextIfAny() {
            if case .fact(_, let event) = item { return event.utterance }
        }
        return nil
    }
}
