import Flow
import Hearing
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct SourceGroupsTests {
    @Test(arguments: [false, true]) func `what is taken back while it waits for others is not told`(
        _ isOneUtterance: Bool
    ) async throws {
        try await SourceStage.run { stage in
            var story = Story(stage.events)
            let (link, other) = (FakeLink(), FakeLink())
            var request = stage.request("ann")
            (request.group, request.speaker) = (GroupID("meeting"), "Ann")
            let ann = try await stage.directory.open(request, over: link)
            (request.id, request.speaker) = (SourceID("bob"), "Bob")
            let bob = try await stage.directory.open(request, over: other)
            let cursor = stage.events.cursor { $0.source == SourceID("bob") && $0.utterance != nil }
            // Ann began first and speaks on.
            try stage.send([(true, 1_400), (false, 200)], to: ann, over: link)
            _ = await story.until("speech")
            stage.clock.advance(by: .seconds(4))
            try stage.send([(true, 500), (false, 1_000)], to: bob, over: other)
            _ = await story.until("final")
            if isOneUtterance {
                stage.forgotten.forget(DraftID("dra_a"), [try #require(Self.utterance(cursor))])
            } else {
                stage.forgotten.forgetAll(of: .default)
            }
            try await stage.directory.flush(ann.id)
            #expect(await story.until("Ann") == ["silence", "final 1600 ms", "Ann: 1600 ms"])
            try await stage.directory.close(bob.id, by: other)
            #expect(await story.until("stopped") == ["stopped closed"])
        }
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
