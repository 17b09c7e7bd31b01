import Flow
import VoiceCore

extension NotebookStore {
    /// So many utterances and drafts are forgotten in one step, so that notes wait for some milliseconds at most.
    private static var stepCount: Int64 { 500 }

    /// A draft with all that are better readings of it.
    private static let family = """
        id IN (
            WITH RECURSIVE family (id) AS (
                SELECT ? UNION SELECT drafts.id FROM drafts JOIN family ON drafts.parent = family.id)
            SELECT id FROM family)
        """

    /// The recordings that have to be removed before a draft is forgotten.
    func recordings(of draft: DraftID) throws(StoreError) -> Forgettable {
        let row = try connection.run("SELECT ended_at FROM drafts WHERE id = ?", [.text(draft.rawValue)]).first
        guard let row else { return .unknown }
        return row[0] == .null ? .growing : .ended(recordings: try recordings(Self.family, [.text(draft.rawValue)]))
    }

    /// Forgets a draft that has ended, with its utterances and better readings that others made.
    ///
    /// What was forgotten is in the index until `sweep`.
    ///
    /// - Returns: The draft and those better readings.
    func forget(_ draft: DraftID) throws(StoreError) -> [DraftID] {
        let drafts = try connection.transaction { () throws(StoreError) in
            let id = SQLiteValue.text(draft.rawValue)
            let ended = "SELECT id FROM drafts WHERE number IN (\(Self.ended(Self.family))) ORDER BY number"
            let rows = try connection.run(ended, [id])
            try connection.run(
                """
                DELETE FROM utterances WHERE id IN (
                    SELECT utterance FROM draft_parts JOIN drafts ON drafts.number = draft WHERE drafts.id = ?)
                """, [id])
            try removeDrafts(Self.family, [id])
            return rows.compactMap { $0.first?.text.map { DraftID($0) } }
        }
        isUnswept = true
        return drafts
    }

    /// The recordings that have to be removed before a session is forgotten.
    func recordings(of session: SessionID) throws(StoreError) -> Forgettable {
        let session = SQLiteValue.text(session.rawValue)
        let growing = "SELECT 1 FROM drafts WHERE session = ? AND ended_at IS NULL LIMIT 1"
        guard try connection.run(growing, [session]).isEmpty else { return .growing }
        return .ended(recordings: try recordings("session = ?", [session]))
    }

    /// Forgets all that was said in a session; a draft that began since `recordings` stays.
    ///
    /// What was forgotten is in the index until `sweep`.
    ///
    /// - Returns: How many utterances that were, and recordings that were made since `recordings`.
    func forgetAll(of session: SessionID) throws(StoreError) -> (count: Int, recordings: [String]) {
        let session = SQLiteValue.text(session.rawValue)
        let result = try connection.transaction { () throws(StoreError) in
            try connection.run("DELETE FROM utterances WHERE session = ?", [session])
            let count = connection.changedRowCount
            return (count, try removeDrafts("session = ?", [session]))
        }
        isUnswept = true
        return result
    }

    /// Forgets some of what is older than it need be, the oldest first.
    ///
    /// What was forgotten is in the index until `sweep`.
    func tidy(_ retention: JournalRetention, at now: WallTime) throws(StoreError) -> Tidied {
        var oldest: Int64?
        if let age = retention.age { oldest = now.milliseconds - Int64(age / .milliseconds(1)) }
        if let limit = retention.byteCount, try usedByteCount() > limit {
            oldest = [oldest, try oldestWithinLimit(now)].compactMap(\.self).max()
        }
        guard let oldest else { return Tidied() }
        return try connection.transaction { () throws(StoreError) in
            try connection.run(
                "DELETE FROM utterances WHERE number IN (SELECT number FROM utterances WHERE at < ? LIMIT ?)",
                [.integer(oldest), .integer(Self.stepCount)])
            let count = connection.changedRowCount
            let paths = try removeDrafts(
                "number IN (SELECT number FROM drafts WHERE started_at < ? ORDER BY number LIMIT ?)",
                [.integer(oldest), .integer(Self.stepCount)])
            isUnswept = isUnswept || count + connection.changedRowCount > 0
            return Tidied(recordings: paths, isMore: count == Int(Self.stepCount))
        }
    }

    /// Since when speech stays where it and jobs are too much together; nil where there is hardly any.
    private func oldestWithinLimit(_ now: WallTime) throws(StoreError) -> Int64? {
        let step = try connection.run(
            "SELECT at FROM utterances ORDER BY number LIMIT 1 OFFSET ?", [.integer(Self.stepCount)]
        ).first?.first?.integer
        let job = try connection.run(
            "SELECT accepted_at FROM jobs WHERE ended_at IS NOT NULL ORDER BY number LIMIT 1"
        ).first?.first?.integer
        guard let job else { return step }
        // What was said within a day makes no room for jobs.
        let fair = min(job + JournalRetention.head, now.milliseconds - JournalRetention.head)
        return step.map { min($0, fair) } ?? fair
    }

    /// - Returns: The paths of their recordings.
    @discardableResult
    private func removeDrafts(_ condition: String, _ values: [SQLiteValue]) throws(StoreError) -> [String] {
        let paths = try recordings(condition, values)
        try connection.run("DELETE FROM drafts WHERE number IN (\(Self.ended(condition)))", values)
        return paths
    }

    /// The paths of the recordings of drafts that have ended.
    private func recordings(_ condition: String, _ values: [SQLiteValue]) throws(StoreError) -> [String] {
        try connection.run("SELECT path FROM recordings WHERE draft IN (\(Self.ended(condition)))", values)
            .compactMap { $0.first?.text.map(names.path) }
    }

    private static func ended(_ condition: String) -> String {
        "SELECT number FROM drafts WHERE ended_at IS NOT NULL AND \(condition)"
    }

    /// Takes what was forgotten out of the index and the file beside the database, too.
    func sweep() throws(StoreError) {
        guard isUnswept else { return }
        for table in ["utterances_words", "drafts_words"] {
            try connection.run("INSERT INTO \(table) (\(table)) VALUES ('optimize')")
        }
        // Busy readers keep the file; the next one who writes overwrites it.
        try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
        isUnswept = false
    }

    /// Without the pages that are free.
    private func usedByteCount() throws(StoreError) -> Int {
        let pages = try number("PRAGMA page_count") - number("PRAGMA freelist_count")
        return try pages * number("PRAGMA page_size")
    }

    private func number(_ pragma: String) throws(StoreError) -> Int {
        Int(try connection.run(pragma).first?.first?.integer ?? 0)
    }
}

/// What was too old or too much.
struct Tidied: Hashable, Sendable {
    /// Those that are to be removed.
    var recordings: [String] = []
    /// Whether there is more to forget.
    var isMore = false
}

/// Whether a draft or a session may be forgotten.
enum Forgettable: Hashable, Sendable {
    case ended(recordings: [String])
    case unknown
    /// It has not ended, or one in it has not.
    case growing
}
