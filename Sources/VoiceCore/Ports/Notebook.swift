package import Flow

/// Something that was said, as the notebook keeps it.
package struct NotedUtterance: Hashable, Sendable {
    /// Counts what was said in the order in which it was noted; 0 before.
    package var number: Int64
    package var utterance: UtteranceID
    package var session: SessionID
    package var source: SourceID
    /// Who spoke, if anybody said.
    package var speaker: String?
    /// Of whose transcript it is a part; of this session.
    package var group: GroupID?
    /// When its text was there for the first time.
    package var at: WallTime
    /// When it began; a better reading changes nothing about that.
    package var saidAt: WallTime
    package var said: UtteranceTranscript
    package var isRevised: Bool

    /// - Parameter saidAt: Nil to tell it from when the first text was there.
    package init(
        number: Int64 = 0, utterance: UtteranceID, session: SessionID, source: SourceID, speaker: String? = nil,
        group: GroupID? = nil, at: WallTime, saidAt: WallTime? = nil, said: UtteranceTranscript,
        isRevised: Bool = false
    ) {
        self.group = group
        self.saidAt = saidAt ?? at + (.zero - said.latency - (said.end - said.start))
        self.number = number
        self.utterance = utterance
        self.session = session
        self.source = source
        self.speaker = speaker
        self.at = at
        self.said = said
        self.isRevised = isRevised
    }
}

/// A draft as the notebook keeps it.
package struct NotedDraft: Hashable, Sendable {
    /// Counts drafts in the order in which they began.
    package var number: Int64
    package var draft: Draft
    package var recording: Recording?

    package init(number: Int64, draft: Draft, recording: Recording? = nil) {
        self.number = number
        self.draft = draft
        self.recording = recording
    }
}

/// What is written into the notebook.
package enum SpokenNote: Hashable, Sendable {
    /// What was said, or a better reading of it.
    case said(NotedUtterance)
    /// A draft as it is now; parts from that place on may be new.
    case draft(Draft, from: Int)
    /// A folder was made for the sound of a draft; without `recording` behind it, its server died meanwhile.
    case recordingBegan(DraftID, path: String)
    case recording(Recording)
}

/// A notebook of servers that keep nothing.
package struct NoNotebook: Notebook {
    package init() {}
    package func take(_ note: SpokenNote) {}
    package func drafts(_ query: NoteQuery) async throws(JournalError) -> DraftPage { DraftPage(drafts: [], total: 0) }
    package func draft(_ id: DraftID) async throws(JournalError) -> NotedDraft? { nil }
    package func said(_ query: NoteQuery) async throws(JournalError) -> [NotedUtterance] { [] }
    package func forget(_ draft: DraftID) async throws(JournalError) -> Forgetting { .unknown }
    package func forgetAll(of session: SessionID) async throws(JournalError) -> Int? { 0 }
}

/// Which drafts or utterances are wanted.
package struct NoteQuery: Hashable, Sendable {
    /// How many at most in one answer.
    package static let limit = 1_000

    /// Nil for those of all sessions.
    package var session: SessionID?
    package var source: SourceID?
    /// What was said in one group, in the order in which it began; of no draft.
    package var group: GroupID?
    /// Words that must all be there, in any order and form of letters; nil for any.
    package var text: String?
    /// Said then or later.
    package var since: WallTime?
    /// Those before that number, the newest first.
    package var before: Int64?
    /// Those after that number, the oldest first; goes before `before`.
    package var after: Int64?
    /// Only drafts that have ended.
    package var isEnded = false
    /// Only drafts that are better readings of this one.
    package var parent: DraftID?
    /// The drafts by when they began, the oldest or the newest first; nil for the order in which they were noted.
    package var isOldestFirst: Bool?
    /// How many of them are passed over first.
    package var offset = 0
    package var count: Int

    package init(count: Int = 100) {
        self.count = count
    }
}

/// Some of the drafts that were asked for.
package struct DraftPage: Hashable, Sendable {
    package var drafts: [NotedDraft]
    /// How many there are in all, wherever the page begins.
    package var total: Int

    package init(drafts: [NotedDraft], total: Int) {
        self.drafts = drafts
        self.total = total
    }
}

/// What became of the wish to forget a draft.
package enum Forgetting: Hashable, Sendable {
    /// These are forgotten: the draft, and better readings of it.
    case done([DraftID])
    case unknown
    /// It has not ended.
    case growing
}

/// Takes down what is said.
package protocol NoteTaker: Sendable {
    /// Returns at once; what is taken is written soon, in order.
    func take(_ note: SpokenNote)
}

/// What was said and kept: everything by its words, drafts with their recordings.
package protocol Notebook: NoteTaker {
    /// The newest first, unless the query begins behind a number.
    func drafts(_ query: NoteQuery) async throws(JournalError) -> DraftPage

    /// One draft; nil if it is not kept.
    func draft(_ id: DraftID) async throws(JournalError) -> NotedDraft?

    /// What was said, the newest first unless the query begins behind a number.
    func said(_ query: NoteQuery) async throws(JournalError) -> [NotedUtterance]

    /// Forgets a draft with its utterances, their words and its recording; none of it where that cannot be removed.
    func forget(_ draft: DraftID) async throws(JournalError) -> Forgetting

    /// Forgets everything that was said in a session, with its drafts and recordings; nothing while a draft of it grows.
    ///
    /// - Returns: How many utterances that were; nil while a draft grows.
    func forgetAll(of session: SessionID) async throws(JournalError) -> Int?
}
