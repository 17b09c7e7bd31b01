import Flow
import Store
import Testing
import VoiceCore
import VoiceTesting

/// What is taken back, or too old.
extension NotebookTests {
    @Test func `a draft that is forgotten leaves no letter in the files`() async throws {
        let secret = Self.draft("dra_a", [("a", "xylophone zeppelin"), ("b", "quokka")])
        let recording = Recording(
            draft: secret.id, path: block, duration: .seconds(2), byteCount: 64_044, utteranceCount: 2)
        let said = [Self.utterance("a", "xylophone zeppelin"), Self.utterance("b", "quokka")]
        let notes = said + Self.notes(secret) + [.recording(recording), Self.utterance("c", "other talk")]
        try await keep(notes) { (keeper) async throws in
            #expect(try await keeper.said(NoteQuery()).count == 3)
            #expect(scratch.holds("zeppelin"))
            #expect(try await keeper.forget(secret.id) == .done([secret.id]))
            #expect(try await keeper.forget(secret.id) == .unknown)
            #expect(try await keeper.said(NoteQuery()).map(\.utterance.rawValue) == ["c"])
            #expect(removed.withLock { $0 } == [block])
            // What comes late is not kept.
            keeper.take(.draft(secret, from: 0))
            keeper.take(.recording(recording))
            #expect(try await keeper.drafts(NoteQuery()).total == 0)
            #expect(removed.withLock { $0 } == [block, block])
        }
        for word in ["xylophone", "zeppelin", "quokka"] { #expect(!scratch.holds(word), "\(word)") }
        #expect(scratch.holds("talk"))
    }

    @Test func `a draft whose recording cannot be removed is not forgotten`() async throws {
        let draft = Self.draft("dra_a", [("a", "quokka")])
        let recording = Recording(
            draft: draft.id, path: block, duration: .seconds(2), byteCount: 64_044, utteranceCount: 1)
        try await keep([Self.utterance("a", "quokka")] + Self.notes(draft) + [.recording(recording)]) {
            (keeper) async throws in
            shelf.isStuck.update { $0 = true }
            await #expect(throws: JournalError.self) { try await keeper.forget(draft.id) }
            await #expect(throws: JournalError.self) { try await keeper.forgetAll(of: draft.session) }
            #expect(try await keeper.draft(draft.id)?.recording == recording)
            #expect(try await keeper.said(NoteQuery()).count == 1)
            shelf.isStuck.update { $0 = false }
            #expect(try await keeper.forget(draft.id) == .done([draft.id]))
            #expect(removed.withLock { $0 } == [block])
        }
    }

    @Test func `a better reading belongs to its draft, and is forgotten with it`() async throws {
        let draft = Self.draft("dra_a", [("a", "by silk")])
        let better = Self.draft("dra_b", [("b", "buy silk")], after: draft)
        let best = Self.draft("dra_c", [("c", "buy milk")], after: better)
        let other = Self.draft("dra_d", [("d", "and bread")])
        try await keep([draft, better, best, other].flatMap(Self.notes)) { (keeper) async throws in
            let children = Self.readings(of: draft)
            #expect(try await keeper.drafts(children).drafts.map(\.draft) == [better])
            #expect(try await keeper.forget(draft.id) == .done([draft.id, better.id, best.id]))
            #expect(try await keeper.drafts(NoteQuery()).drafts.map(\.draft) == [other])
        }
    }

    @Test func `a draft that grows is not forgotten, and has ended after a restart`() async throws {
        let draft = Self.draft("dra_a", [("a", "buy milk")], hasEnded: false)
        try await keep(Self.notes(draft)) { (keeper) async throws in
            #expect(try await keeper.forget(draft.id) == .growing)
        }
        try await keep { (keeper) async throws in
            let ending = try await keeper.draft(draft.id)?.draft.ending
            #expect(ending?.reason == .serverRestarted && ending?.position == .milliseconds(900))
            #expect(try await keeper.forget(draft.id) == .done([draft.id]))
        }
    }

    @Test func `a draft that a dead server left ends with its last words, and its sound with it`() async throws {
        let draft = Self.draft("dra_a", [("a", "take this down"), ("b", "buy milk")], hasEnded: false)
        var begun = draft
        begun.parts = []
        try await keep([
            .draft(begun, from: 0), .recordingBegan(draft.id, path: block), .draft(draft, from: 0),
            Self.utterance("a", "take this down"), Self.utterance("b", "buy milk", at: Self.past + 3_000),
        ]) { (keeper) async throws in
            #expect(try await keeper.draft(draft.id)?.recording == nil)
            #expect(try await keeper.forget(draft.id) == .growing)
        }
        #expect(shelf.known.withLock { $0 } == nil)
        try await keep { (keeper) async throws in
            let noted = try #require(try await keeper.draft(draft.id))
            #expect(noted.draft.ending?.at == WallTime(milliseconds: Self.past + 3_000))
            #expect(noted.draft.ending?.position == .seconds(7) && noted.draft.parts.count == 2)
            #expect(noted.recording?.path == block && noted.recording?.duration == .seconds(8))
            #expect(shelf.known.withLock { $0 } == [block])
            #expect(try await keeper.forget(draft.id) == .done([draft.id]))
            #expect(removed.withLock { $0 } == [block])
        }
    }

    @Test func `all that a session said is forgotten at once`() async throws {
        let notes =
            Self.notes(Self.draft("dra_a", [("a", "mine")], session: "mine"))
            + Self.notes(Self.draft("dra_b", [("b", "yours")], session: "yours"))
        let said = [
            Self.utterance("a", "mine", session: "mine"), Self.utterance("b", "yours", session: "yours"),
            Self.utterance("c", "mine", session: "mine"),
        ]
        try await keep(notes + said) { (keeper) async throws in
            #expect(try await keeper.forgetAll(of: SessionID("mine")) == 2)
            #expect(try await keeper.drafts(NoteQuery()).drafts.map(\.draft.id) == [DraftID("dra_b")])
            #expect(try await keeper.said(NoteQuery()).map(\.utterance.rawValue) == ["b"])
        }
    }

    @Test func `what is too old is forgotten, recordings too`() async throws {
        let now = WallTime.now().milliseconds
        let old = Self.draft("dra_a", [("a", "old")], at: now - 90_000_000)
        let recording = Recording(
            draft: old.id, path: block, duration: .seconds(2), byteCount: 64_044, utteranceCount: 1)
        let notes =
            Self.notes(old) + [.recording(recording), Self.utterance("a", "old", at: now - 90_000_000)]
            + Self.notes(Self.draft("dra_b", [("b", "new")], at: now)) + [Self.utterance("b", "new", at: now)]
        try await keep(notes) { (keeper) async throws in #expect(try await keeper.drafts(NoteQuery()).total == 2) }
        try await keep(retention: JournalRetention(age: .seconds(86_400), byteCount: nil)) { (keeper) async throws in
            _ = await removed.wait { $0.isEmpty ? nil : true }
            #expect(try await keeper.drafts(NoteQuery()).drafts.map(\.draft.id) == [DraftID("dra_b")])
            #expect(try await keeper.said(NoteQuery()).map(\.utterance.rawValue) == ["b"])
        }
    }

    @Test func `what is too old leaves no letter in the files`() async throws {
        let time = WallTime.now().milliseconds - 90_000_000
        let old = Self.draft("dra_a", [("a", "quokka")], at: time)
        try await keep(Self.notes(old) + [Self.utterance("a", "xylophone quokka", at: time)]) {
            (keeper) async throws in #expect(try await keeper.drafts(NoteQuery()).total == 1)
        }
        #expect(scratch.holds("xylophone") && scratch.holds("quokka"))
        try await keep(retention: JournalRetention(age: .seconds(86_400), byteCount: nil)) { _ in
            // It is over once the next time is waited for.
            #expect(await clock.waitForSleep(within: .seconds(600)))
        }
        for word in ["xylophone", "quokka"] { #expect(!scratch.holds(word), "\(word)") }
    }

    @Test func `nothing of a session is forgotten while a draft of it grows`() async throws {
        let draft = Self.draft("dra_a", [("a", "buy milk")], hasEnded: false)
        var ended = draft
        ended.ending = Draft.Ending(.sourceStopped, at: draft.startedAt, position: .seconds(1), text: nil)
        try await keep(Self.notes(draft) + [Self.utterance("a", "buy milk")]) { [ended] (keeper) async throws in
            #expect(try await keeper.forgetAll(of: SessionID("other")) == 0)
            #expect(try await keeper.forgetAll(of: draft.session) == nil)
            #expect(try await keeper.said(NoteQuery()).count == 1)
            keeper.take(.draft(ended, from: 1))
            #expect(try await keeper.forgetAll(of: draft.session) == 1)
            #expect(try await keeper.drafts(NoteQuery()).total == 0)
        }
    }

    @Test func `what waits for the disk cannot be forgotten yet`() async throws {
        let folder = try DataFolder(path: scratch.folder)
        _ = try Database(in: folder)
        let keeper = try NotebookKeeper(in: folder, timeline: clock.timeline, recordings: shelf)
        keeper.take(Self.utterance("a", "xylophone"))
        // Nobody writes.
        try await withThrowingTaskGroup(of: Void.self) { [clock] group in
            group.addTask {
                await #expect(throws: JournalError.self) { try await keeper.forgetAll(of: .default) }
                await #expect(throws: JournalError.self) { try await keeper.forget(DraftID("dra_a")) }
            }
            for _ in 0..<2 {
                #expect(await clock.waitForSleep(within: .seconds(2)))
                clock.advance(by: .seconds(2))
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: [(20, 10), (10, 20), (0, 0)])
    func `where jobs and speech are too much together, the older ones go`(
        _ speechAge: Int64, _ jobAge: Int64
    ) async throws {
        let now = WallTime.now()
        let (day, count) = (Int64(86_400_000), 600)
        let isSpeechOlder = speechAge > jobAge
        let said = (0..<count).map { number in
            Self.utterance("u\(number)", "x", at: now.milliseconds - speechAge * day + Int64(number))
        }
        try await keep(said) { (keeper) async throws in _ = try await keeper.said(NoteQuery()) }
        let (journal, jobs) = try journal()
        let job = Self.job(at: now.milliseconds - jobAge * day)
        try await journal.write([
            JobNote(.accepted(job), of: job.id),
            JobNote(.ended(.finished(heard: .confirmed, duration: .seconds(1), listeners: [])), of: job.id),
        ])
        let tight = JournalRetention(age: nil, byteCount: 1)
        try await keep(retention: tight) { (keeper) async throws in
            #expect(await clock.waitForSleep(within: .seconds(600)))
            var query = NoteQuery()
            query.count = NoteQuery.limit
            #expect(try await keeper.said(query).count == (isSpeechOlder ? 0 : count))
            if isSpeechOlder { keeper.take(Self.utterance("new", "x", at: now.milliseconds - speechAge * day)) }
            _ = try await keeper.said(query)
            while try await journal.tidy(tight, at: now) { continue }
        }
        #expect(try await jobs.jobs(JobQuery()).count == (isSpeechOlder ? 1 : 0))
    }

    /// Lets go of the folder, so that a notebook can have it, too.
    private func journal() throws -> (JournalStore, JournalReader) {
        let folder = try DataFolder(path: scratch.folder)
        return (try JournalStore(in: folder), try JournalReader(in: folder))
    }

    private static func job(at milliseconds: Int64) -> JobEntry {
        let session = SessionInfo(
            id: .default, name: nil, voice: nil, isLocal: true, createdAt: WallTime(milliseconds: milliseconds))
        return JobEntry(
            id: JobID("job_a"), token: TokenID("tok_a"), session: session,
            request: SpeakRequest(text: "x", session: .default),
            voice: "slt", route: .nowhere, acceptedAt: WallTime(milliseconds: milliseconds))
    }
}
