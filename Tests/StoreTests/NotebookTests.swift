import Flow
import Store
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct NotebookTests {
    private let scratch = Scratch()
    /// A minute ago, since what is old is forgotten.
    private static let past = WallTime.now().milliseconds - 60_000
    private let clock = ManualTimeline()
    private let shelf = Shelf()
    private var removed: Monitor<[String]> { shelf.removed }
    /// Where the recording of a test lies.
    private var block: String { scratch.folder + "/recordings/block-1" }

    /// Remembers which recordings were removed.
    private final class Shelf: RecordingArchive {
        let removed = Monitor<[String]>([])
        /// What was left when all others were to be removed.
        let known = Monitor<Set<String>?>(nil)
        /// Whether nothing can be removed.
        let isStuck = Monitor(false)

        func remove(_ path: String) async throws(RecordingRemovalError) {
            guard !isStuck.withLock({ $0 }) else { throw .notRemoved(path: path) }
            removed.update { $0.append(path) }
        }

        func mend(_ draft: Draft, at path: String?) async -> (draft: Draft, recording: Recording)? {
            guard let path else { return nil }
            var longer = draft
            longer.ending?.position = .seconds(7)
            let recording = Recording(
                draft: draft.id, path: path, duration: .seconds(8), byteCount: 9, utteranceCount: draft.parts.count)
            return (longer, recording)
        }

        func removeAll(but known: Set<String>) async { self.known.update { $0 = known } }
    }

    private static func said(_ text: String, at start: Int = 0) -> UtteranceTranscript {
        let words = text.split(separator: " ").enumerated().map { index, word in
            TranscriptWord(
                text: String(word), start: .milliseconds(index * 100), end: .milliseconds(index * 100 + 90),
                confidence: index == 0 ? 0.5 : nil)
        }
        return UtteranceTranscript(
            transcript: Transcript(text: text, words: words, confidence: 0.75, language: "en"),
            start: .milliseconds(start), end: .milliseconds(start + 900), engine: "fake", latency: .milliseconds(5))
    }

    private static func utterance(
        _ id: String, _ text: String, session: String = "default", at time: Int64 = past, isRevised: Bool = false,
        group: String? = nil, saidAt: Int64? = nil
    ) -> SpokenNote {
        .said(
            NotedUtterance(
                utterance: UtteranceID(id), session: SessionID(session), source: SourceID("desk"),
                speaker: "Ann", group: group.map { GroupID($0) }, at: WallTime(milliseconds: time),
                saidAt: saidAt.map { WallTime(milliseconds: $0) }, said: said(text), isRevised: isRevised))
    }

    private static func draft(
        _ id: String, _ texts: [(String, String)], session: String = "default", at time: Int64 = past,
        hasEnded: Bool = true, after parent: Draft? = nil
    ) -> Draft {
        var draft = Draft(
            id: DraftID(id), session: SessionID(session), source: SourceID("desk"),
            startedAt: WallTime(milliseconds: time), start: .milliseconds(3), startText: "take this down",
            speaker: "Ann")
        draft.parent = parent?.id
        draft.parts = texts.enumerated().map { index, text in
            Draft.Part(utterance: UtteranceID(text.0), said: said(text.1, at: index * 1_000))
        }
        if hasEnded {
            draft.ending = Draft.Ending(
                .command, at: WallTime(milliseconds: time + 9), position: .seconds(3), text: "break break break")
        }
        return draft
    }

    private static func readings(of draft: Draft) -> NoteQuery {
        var query = NoteQuery()
        query.parent = draft.id
        return query
    }

    /// The notes of a draft as they come: that it began, that it grew, that it ended.
    private static func notes(_ draft: Draft) -> [SpokenNote] {
        var began = draft
        began.parts = []
        began.ending = nil
        return [.draft(began, from: 0), .draft(draft, from: 0)]
    }

    /// Runs a notebook until `work` is done; what waits then is written.
    private func keep(
        retention: JournalRetention = .standard, _ notes: [SpokenNote] = [],
        _ work: @Sendable (NotebookKeeper) async throws -> Void
    ) async throws {
        let folder = try DataFolder(path: scratch.folder)
        _ = try Database(in: folder)
        let keeper = try NotebookKeeper(
            in: folder, timeline: clock.timeline, retention: retention,
            recordings: shelf)
        try await keeper.settle()
        for note in notes { keeper.take(note) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            try await work(keeper)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func `what was said comes back as it was, over a restart too`() async throws {
        let draft = Self.draft("dra_a", [("a", "buy milk"), ("b", "and bread")])
        let recording = Recording(
            draft: draft.id, path: block, duration: .seconds(2), byteCount: 64_044, utteranceCount: 2)
        let notes = [Self.utterance("a", "take this down buy milk")] + Self.notes(draft) + [.recording(recording)]
        try await keep(notes) { (keeper) async throws in
            #expect(try await keeper.draft(draft.id) == NotedDraft(number: 1, draft: draft, recording: recording))
        }
        try await keep { (keeper) async throws in
            #expect(try await keeper.drafts(NoteQuery()).drafts.map(\.draft) == [draft])
            let said = try #require(try await keeper.said(NoteQuery()).first)
            #expect(
                said.said == Self.said("take this down buy milk") && said.speaker == "Ann"
                    && said.utterance == UtteranceID("a"))
            #expect(try await keeper.draft(DraftID("dra_x")) == nil)
        }
    }

    @Test func `a better reading takes the place of the first, in the index too`() async throws {
        let notes = [Self.utterance("a", "by silk"), Self.utterance("a", "buy milk", isRevised: true)]
        // The second reading of what was never kept, or is forgotten, is not kept either.
        try await keep(notes + [Self.utterance("z", "ghost", isRevised: true)]) { (keeper) async throws in
            let all = try await keeper.said(NoteQuery())
            #expect(all.map(\.said.transcript.text) == ["buy milk"] && all.map(\.isRevised) == [true])
            var query = NoteQuery()
            query.text = "silk"
            #expect(try await keeper.said(query).isEmpty)
            query.text = "Milk"
            #expect(try await keeper.said(query).count == 1)
        }
    }

    @Test(arguments: [
        ("milk", ["b", "a"]), ("MILK anna", ["b"]), ("café", ["c"]), ("cafe", ["c"]), ("mil", ["b", "a"]),
        ("mil ", []), ("\"milk\" OR bread", []), ("milk*", ["b", "a"]), ("'; DROP TABLE utterances; --", []), ("…", []),
        ("", []), ("text:milk", []), ("bread NEAR milk", []),
    ])
    func `everything said is found by its words`(_ words: String, _ found: [String]) async throws {
        let notes = [
            Self.utterance("a", "buy milk"), Self.utterance("b", "milk for Anna"),
            Self.utterance("c", "the Café, bread"),
        ]
        try await keep(notes) { (keeper) async throws in
            var query = NoteQuery()
            query.text = words
            #expect(try await keeper.said(query).map(\.utterance.rawValue) == found)
        }
    }

    @Test func `what a group said is read in the order in which it began, page by page`() async throws {
        let notes = [
            Self.utterance("short", "yes", group: "meeting", saidAt: Self.past + 5),
            Self.utterance("aside", "no", saidAt: Self.past + 4),
            Self.utterance("long", "so it begins", group: "meeting", saidAt: Self.past + 1),
            Self.utterance("last", "over", group: "meeting", saidAt: Self.past + 9),
            // A better reading comes later, and was said when it was said.
            Self.utterance("short", "yes indeed", at: Self.past + 90, isRevised: true),
        ]
        try await keep(notes) { (keeper) async throws in
            var query = NoteQuery(count: 2)
            query.group = GroupID("meeting")
            var page = try await keeper.said(query)
            #expect(page.map(\.utterance.rawValue) == ["last", "short"])
            #expect(page.last?.saidAt.milliseconds == Self.past + 5 && page.last?.group == GroupID("meeting"))
            query.before = page.last?.number
            #expect(try await keeper.said(query).map(\.utterance.rawValue) == ["long"])
            (query.before, query.after) = (nil, 0)
            page = try await keeper.said(query)
            #expect(page.map(\.utterance.rawValue) == ["long", "short"])
            query.after = page.last?.number
            #expect(try await keeper.said(query).map(\.utterance.rawValue) == ["last"])
            query.text = "over"
            query.after = 0
            #expect(try await keeper.said(query).map(\.utterance.rawValue) == ["last"])
        }
    }

    @Test func `lists are read page by page, of one session, source or time`() async throws {
        var notes: [SpokenNote] = []
        for number in 1...5 {
            let session = number == 4 ? "other" : "default"
            notes += Self.notes(
                Self.draft(
                    "dra_\(number)", [("u\(number)", "note \(number)")], session: session, at: Self.past + Int64(number)
                ))
        }
        try await keep(notes) { (keeper) async throws in
            var query = NoteQuery(count: 2)
            var page = try await keeper.drafts(query)
            #expect(page.total == 5 && page.drafts.map(\.number) == [5, 4])
            query.before = 4
            #expect(try await keeper.drafts(query).drafts.map(\.number) == [3, 2])
            query.before = nil
            query.offset = 3
            #expect(try await keeper.drafts(query).drafts.map(\.number) == [2, 1])
            query = NoteQuery(count: 2)
            query.after = 1
            #expect(try await keeper.drafts(query).drafts.map(\.number) == [2, 3])
            query = NoteQuery()
            query.session = SessionID("other")
            page = try await keeper.drafts(query)
            #expect(page.total == 1 && page.drafts.map(\.draft.id) == [DraftID("dra_4")])
            query.session = nil
            query.since = WallTime(milliseconds: Self.past + 4)
            #expect(try await keeper.drafts(query).total == 2)
            query.since = nil
            query.text = "note 3"
            #expect(try await keeper.drafts(query).drafts.map(\.number) == [3])
            query.source = SourceID("lamp")
            #expect(try await keeper.drafts(query).total == 0)
        }
    }

    @Test func `a draft that is forgotten leaves no letter in the files`() async throws {
        let secret = Self.draft("dra_a", [("a", "xylophone zeppelin"), ("b", "quokka")])
        let recording = Recording(
            draft: secret.id, path: block, duration: .seconds(2), byteCount: 64_044, utteranceCount: 2)
        let said = [Self.utterance("a", "xylophone zeppelin"), Self.utterance("b", "quokka")]
        let notes = said + Self.notes(secret) + [.recording(recording), Self.utterance("c", "other talk")]
        try await keep(notes) { (keeper) async throws in
            #expect(try await keeper.said(NoteQuery()).count == 3)
            #expect(scratch.holds("zeppelin"))
            #expect(try await keeper.forget(secret.id) == .done)
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
            #expect(try await keeper.forget(draft.id) == .done)
            #expect(removed.withLock { $0 } == [block])
        }
    }

    @Test func `recordings lie where the data folder is now, those of older servers too`() async throws {
        let draft = Self.draft("dra_a", [("a", "buy milk")])
        let recording = Recording(
            draft: draft.id, path: block, duration: .seconds(2), byteCount: 64_044, utteranceCount: 1)
        let notes = [Self.utterance("a", "buy milk")] + Self.notes(draft) + [.recording(recording)]
        try await keep(notes) { (keeper) async throws in
            #expect(try await keeper.drafts(NoteQuery()).total == 1)
        }
        #expect(!scratch.holds(block))
        // As an older server left it.
        for path in ["/home/ann/block-x/recordings/block-1", "data/recordings/block-1", "block-1"] {
            scratch.run(
                """
                UPDATE recordings SET path = '\(path)'; DROP TABLE sessions; DROP INDEX utterances_of_group;
                ALTER TABLE utterances DROP COLUMN in_group; ALTER TABLE utterances DROP COLUMN said_at;
                PRAGMA user_version = 8
                """, on: "data/hearsay.db")
            try await keep { (keeper) async throws in
                #expect(try await keeper.said(NoteQuery()).map(\.saidAt.milliseconds) == [Self.past - 905])
                #expect(try await keeper.draft(draft.id)?.recording == recording)
            }
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
            #expect(try await keeper.forget(draft.id) == .done)
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
            #expect(try await keeper.forget(draft.id) == .done)
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
            #expect(try await keeper.forget(draft.id) == .done)
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
}
