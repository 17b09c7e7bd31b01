package import Flow

/// How much of the past the journal keeps.
package struct JournalRetention: Hashable, Sendable {
    /// How long an ended job is kept; nil for ever.
    package var age: Duration?
    /// How large the database may be; nil for any size.
    package var byteCount: Int?

    /// A month, and 256 MiB: some 500,000 sentences of 80 characters.
    package static let standard = JournalRetention(age: .seconds(30 * 86_400), byteCount: 256 << 20)

    /// How much more of its past jobs or speech lose than the other, where they are too much together: a day, in ms.
    static let head: Int64 = 86_400_000

    package init(age: Duration?, byteCount: Int?) {
        self.age = age
        self.byteCount = byteCount
    }
}

extension JournalStore {
    /// So many jobs are forgotten in one step, so that notes wait for some milliseconds at most.
    private static var stepCount: Int64 { 500 }
    /// So many pages are given back to the disk in one step.
    private static var pageCount: Int { 1_000 }

    /// Forgets some of what need not be kept, and gives the room back to the disk.
    ///
    /// Jobs without an end stay, and so do those whose key is still known.
    ///
    /// - Returns: Whether there is more to forget.
    package func tidy(_ retention: JournalRetention, at now: WallTime) throws(StoreError) -> Bool {
        try connection.run(
            "DELETE FROM request_keys WHERE made_at <= ?", [.integer(Self.birth(ofKeysLivingAt: now))])
        var count = 0
        if let age = retention.age {
            count = try forget(acceptedBefore: now.milliseconds - Int64(age / .milliseconds(1)))
        }
        if let limit = retention.byteCount, try usedByteCount() > limit {
            let speech = try connection.run("SELECT at FROM utterances ORDER BY number LIMIT 1").first?.first?.integer
            count += try forget(acceptedBefore: speech.map { $0 + JournalRetention.head } ?? .max)
        }
        try connection.run("PRAGMA incremental_vacuum(\(Self.pageCount))")
        return count > 0
    }

    /// - Returns: How many jobs were forgotten, the oldest first.
    private func forget(acceptedBefore time: Int64) throws(StoreError) -> Int {
        try connection.run(
            """
            DELETE FROM jobs WHERE number IN (
                SELECT number FROM jobs
                WHERE ended_at IS NOT NULL AND accepted_at < ?
                    AND NOT EXISTS (SELECT 1 FROM request_keys WHERE request_keys.job = jobs.number)
                ORDER BY number LIMIT ?)
            """, [.integer(time), .integer(Self.stepCount)])
        return connection.changedRowCount
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
