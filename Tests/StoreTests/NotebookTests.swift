import Flow
import Store
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct NotebookTests {
    let scratch = Scratch()
    /// A minute ago, since what is old is forgotten.
    static let past = WallTime.now().milliseconds - 60_000
    let clock = ManualTimeline()
    let shelf = Shelf()
    var removed: Monitor<[String]> { shelf.removed }
    /// Where the recording of a test lies.
    var block: String { scratch.folder + "/recordings/block-1" }

    /// Remembers which recordings were removed.
    final class Shelf: RecordingArchive {
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

    static func said(_ text: String, at start: Int = 0) -> UtteranceTranscript {
        let words = text.split(separator: " ").enumerated().map { index, word in
            TranscriptWord(
                text: String(word), start: .milliseconds(index * 100), end: .milliseconds(index * 100 + 90),
                confidence: index == 0 ? 0.5 : nil)
        }
        return UtteranceTranscript(
            transcript: Transcript(text: text, words: words, confidence: 0.75, language: "en"),
            start: .milliseconds(start), end: .milliseconds(start + 900), engine: "fake", latency: .milliseconds(5))
    }

    static func utterance(
        _ id: String, _ text: String, session: String = "default", at time: Int64 = past, isRevised: Bool = false,
        group: String? = nil, saidAt: Int64? = nil
    ) -> SpokenNote {
        .said(
            NotedUtterance(
                utterance: UtteranceID(id), session: SessionID(session), source: SourceID("desk"),
                speaker: "Ann", group: group.map { GroupID($0) }, at: WallTime(milliseconds: time),
                saidAt: saidAt.map { WallTime(milliseconds: $0) }, said: said(text), isRevised: isRevised))
    }

    static func draft(
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

    static func readings(of draft: Draft) -> NoteQuery {
        var query = NoteQuery()
        query.parent = draft.id
        return query
    }

    /// The notes of a draft as they come: that it began, that it grew, that it ended.
    static func notes(_ draft: Draft) -> [SpokenNote] {
        var began = draft
        began.parts = []
        began.ending = nil
        return [.draft(began, from: 0), .draft(draft, from: 0)]
    }

    /// Runs a notebook until `work` is done; what waits then is written.
    func keep(
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
}
