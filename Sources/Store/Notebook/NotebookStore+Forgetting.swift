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

    /// Forgets a draft that has ended, with its utterances, their words and better readings that others made.
    ///
    /// - Returns: What is left to be removed of it.
    func forget(_ draft: DraftID) throws(StoreError) -> Forgotten {
        let row = try connection.run("SELECT number, ended_at FROM drafts WHERE id = ?", [.text(draft.rawValue)]).first
        guard let row, let number = row[0].integer else { return .unknown }
        guard row[1] != .null else { return .growing }
        let paths = try connection.transaction { () throws(StoreError) in
            try connection.run(
                "DELETE FROM utterances WHERE id IN (SELECT utterance FROM draft_parts WHERE draft = ?)",
                [.integer(number)])
            return try removeDrafts(Self.family, [.text(draft.rawValue)])
        }
        try sweep()
        return .done(recordings: paths)
    }

    /// Forgets all that was said in a session; a draft that still grows stays.
    ///
    /// - Returns: How many utterances that were, and the recordings to be removed.
    func forgetAll(of session: SessionID) throws(StoreError) -> (count: Int, recordings: [String]) {
        let session = SQLiteValue.text(session.rawValue)
        let result = try connection.transaction { () throws(StoreError) in
            try connection.run("DELETE FROM utterances WHERE session = ?", [session])
            let count = connection.changedRowCount
            return (count, try removeDrafts("session = ?", [session]))
        }
        try sweep()
        return result
    }

    /// Forgets some of what is older than it need be, the oldest first.
    ///
    /// - Returns: The recordings to be removed, and whether there is more to forget.
    func tidy(_ retention: JournalRetention, at now: WallTime) throws(StoreError) -> (recordings: [String], more: Bool)
    {
        var oldest: Int64?
        if let age = retention.age { oldest = now.milliseconds - Int64(age / .milliseconds(1)) }
        if let limit = retention.byteCount, try usedByteCount() > limit {
            let row = try connection.run(
                "SELECT at FROM utterances ORDER BY number LIMIT 1 OFFSET ?", [.integer(Self.stepCount)]
            ).first
            oldest = max(oldest ?? .min, row?.first?.integer ?? .min)
        }
        guard let oldest, oldest > .min else { return ([], false) }
        return try connection.transaction { () throws(StoreError) in
            try connection.run(
                "DELETE FROM utterances WHERE number IN (SELECT number FROM utterances WHERE at < ? LIMIT ?)",
                [.integer(oldest), .integer(Self.stepCount)])
            let count = connection.changedRowCount
            let paths = try removeDrafts(
                "number IN (SELECT number FROM drafts WHERE started_at < ? ORDER BY number LIMIT ?)",
                [.integer(oldest), .integer(Self.stepCount)])
            return (paths, count == Int(Self.stepCount))
        }
    }

    /// - Returns: The paths of their recordings.
    private func removeDrafts(_ condition: String, _ values: [SQLiteValue]) throws(StoreError) -> [String] {
        let which = "SELECT number FROM drafts WHERE ended_at IS NOT NULL AND \(condition)"
        let paths = try connection.run("SELECT path FROM recordings WHERE draft IN (\(which))", values)
        try connection.run("DELETE FROM drafts WHERE number IN (\(which))", values)
        return paths.compactMap { $0.first?.text }
    }

    /// Takes what was forgotten out of the index and the file beside the database, too.
    private func sweep() throws(StoreError) {
        for table in ["utterances_words", "drafts_words"] {
            try connection.run("INSERT INTO \(table) (\(table)) VALUES ('optimize')")
        }
        // Busy readers keep the file; the next one who writes overwrites it.
        try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
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

/// What became of the wish to forget a draft.
enum Forgotten: Hashable, Sendable {
    case done(recordings: [String])
    case unknown
    /// It has not ended.
    case growing
}
