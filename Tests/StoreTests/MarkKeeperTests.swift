import Flow
import Store
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct MarkKeeperTests {
    private static func mark(_ source: String, _ seconds: Int, at time: WallTime = .now()) -> SourceMark {
        SourceMark(
            source: SourceID(source), token: TokenID("tok_a"), session: SessionID("ses_a"),
            position: .milliseconds(1_000 * seconds + 1), at: time)
    }

    @Test func `the next server knows how far a source was understood`() async throws {
        let scratch = Scratch()
        let desk = SourceID("desk")
        try await Self.keep(in: scratch) { keeper in
            keeper.keep(Self.mark("desk", 3))
            keeper.keep(Self.mark("desk", 7))
            keeper.keep(Self.mark("lamp", 9))
            keeper.keep(Self.mark("old", 1, at: WallTime(milliseconds: 0)))
            keeper.forget(SourceID("lamp"))
            #expect(await keeper.mark(of: desk)?.position == .milliseconds(7_001))
            #expect(await keeper.mark(of: SourceID("lamp")) == nil)
        }
        try await Self.keep(in: scratch) { keeper in
            let found = await keeper.mark(of: desk)
            #expect(found?.position == .milliseconds(7_001) && found?.token == TokenID("tok_a"))
            #expect(found?.session == SessionID("ses_a"))
            #expect(await keeper.mark(of: SourceID("lamp")) == nil)
            // Nobody comes back after an hour to go on in the middle.
            #expect(await keeper.mark(of: SourceID("old")) == nil)
        }
    }

    /// Runs a keeper until `work` is done; what waits then is written.
    private static func keep(in scratch: Scratch, _ work: @Sendable (MarkKeeper) async throws -> Void) async throws {
        let database = try Database(in: DataFolder(path: scratch.folder))
        let keeper = MarkKeeper(database: database, timeline: ManualTimeline().timeline)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            try await work(keeper)
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
