package import Flow

/// A job of the journal, with what became of it.
package struct ArchivedJob: Hashable, Sendable {
    /// Counts the jobs of the journal in the order in which they were accepted.
    package var number: Int64
    /// Without its text if that was private.
    package var status: JobStatus
    package var isPrivate: Bool
    /// Unicode scalars of the text, also where the text is not kept.
    package var characterCount: Int
    /// What happened, in order.
    package var timeline: [Step]

    package init(
        number: Int64, status: JobStatus, isPrivate: Bool, characterCount: Int, timeline: [Step]
    ) {
        self.number = number
        self.status = status
        self.isPrivate = isPrivate
        self.characterCount = characterCount
        self.timeline = timeline
    }

    /// One line of its timeline.
    package struct Step: Hashable, Sendable {
        /// What happened.
        package enum Kind: String, Hashable, Sendable {
            case accepted, begun, started, moved, ended
        }

        package var kind: Kind
        package var at: WallTime
        package var position: Duration?
        package var listeners: [ListenerID]

        package init(_ kind: Kind, at: WallTime, position: Duration? = nil, listeners: [ListenerID] = []) {
            self.kind = kind
            self.at = at
            self.position = position
            self.listeners = listeners
        }
    }
}

/// Which jobs of the journal are wanted.
package struct JobQuery: Hashable, Sendable {
    /// How many at most in one answer.
    package static let limit = 1_000

    /// Nil for those of all sessions.
    package var session: SessionID?
    /// A part of the text; capital and small letters of ASCII count alike.
    package var text: String?
    /// Nil for all.
    package var phases: Set<JobStatus.Phase>?
    /// Accepted then or later.
    package var since: WallTime?
    /// Those before the job of this number, the newest first.
    package var before: Int64?
    /// Those after the job of this number, the oldest first; goes before `before`.
    package var after: Int64?
    package var count: Int

    package init(count: Int = 100) {
        self.count = count
    }
}

/// Whether the journal is being written.
package struct JournalState: Hashable, Sendable {
    /// Why not, and what to do; nil while all is well.
    package var trouble: String?
    /// Notes that had no room while nothing could be written.
    package var lostCount: Int

    package init(trouble: String? = nil, lostCount: Int = 0) {
        self.trouble = trouble
        self.lostCount = lostCount
    }
}

/// The jobs of the past, and those of the present as the journal knows them.
package protocol JobArchive: Sendable {
    /// The newest first, unless the query begins behind a number.
    func jobs(_ query: JobQuery) async throws(JournalError) -> [ArchivedJob]

    /// One job; nil if the journal does not know it.
    func job(_ id: JobID) async throws(JournalError) -> ArchivedJob?

    /// How the journal is.
    var state: JournalState { get }
}
