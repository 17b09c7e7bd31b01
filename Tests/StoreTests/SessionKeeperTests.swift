import Flow
import Store
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct SessionKeeperTests {
    @Test func `the next server knows the sessions that lived`() async throws {
        let scratch = Scratch()
        var secret = SessionInfo(
            id: SessionID("secret"), name: "Ada", voice: "rms", isLocal: true, createdAt: WallTime(milliseconds: 7))
        secret.isStored = false
        let plain = SessionInfo(id: SessionID("plain"), isLocal: false, createdAt: WallTime(milliseconds: 8))
        let over = SessionInfo(id: SessionID("over"), isLocal: false, createdAt: WallTime(milliseconds: 9))
        #expect(try await Self.keep(in: scratch) { _ in }.isEmpty)
        _ = try await Self.keep(in: scratch) { [secret] keeper in
            for session in [secret, plain, over] { keeper.keep(session) }
            keeper.forget(over.id)
        }
        let found = try await Self.keep(in: scratch) { $0.forget(plain.id) }
        #expect(found.sorted { $0.id < $1.id } == [plain, secret])
        #expect(try await Self.keep(in: scratch) { _ in } == [secret])
    }

    /// Runs a keeper until `work` is done; what waits then is written.
    ///
    /// - Returns: What was known when it began.
    private static func keep(
        in scratch: Scratch, _ work: @Sendable (SessionKeeper) -> Void
    ) async throws -> [SessionInfo] {
        let database = try Database(in: DataFolder(path: scratch.folder))
        let known = try await database.sessions()
        let keeper = SessionKeeper(database: database, timeline: ManualTimeline().timeline)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            work(keeper)
            group.cancelAll()
            try await group.waitForAll()
        }
        return known
    }
}
