/// How many notes were taken before one; a journal writes them in order.
package typealias JournalTicket = UInt64

/// Why the journal could not promise something.
package struct JournalError: Error, Hashable, Sendable {
    /// A stable code, such as `disk_full`.
    package var code: String
    /// What happened and what to do, lower case, no full stop.
    package var reason: String

    package init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// Where jobs outlive the process.
package protocol JobJournal: Sendable {
    /// The job that a request made which bore the same key.
    ///
    /// - Returns: `.new` if there was none.
    func find(_ key: RequestKey, of token: TokenID) async throws(JournalError) -> KeyClaim

    /// Keeps a new job and its key in one step, unless the key is known.
    func claim(_ key: RequestKey, for entry: JobEntry) async throws(JournalError) -> KeyClaim

    /// Takes a note and returns at once; it is written after those before it.
    @discardableResult
    func take(_ note: JobNote) -> JournalTicket

    /// Returns when the note is written, when nothing can be written, or when `limit` is over.
    func wait(for ticket: JournalTicket, atMost limit: Duration) async
}

/// A journal for servers that keep none.
package struct NoJournal: JobJournal, JobArchive {
    package init() {}

    package func find(_ key: RequestKey, of token: TokenID) async throws(JournalError) -> KeyClaim { .new }

    package func claim(_ key: RequestKey, for entry: JobEntry) async throws(JournalError) -> KeyClaim { .new }

    @discardableResult
    package func take(_ note: JobNote) -> JournalTicket { 0 }

    package func wait(for ticket: JournalTicket, atMost limit: Duration) async {}

    package func jobs(_ query: JobQuery) async throws(JournalError) -> [ArchivedJob] { [] }

    package func job(_ id: JobID) async throws(JournalError) -> ArchivedJob? { nil }

    package var state: JournalState { JournalState() }
}
