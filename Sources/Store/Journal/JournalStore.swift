package import Flow
package import VoiceCore

/// Writes the journal, on a connection and a thread of its own: whoever reads much never holds it up.
package actor JournalStore {
    let connection: SQLiteConnection
    private let thread = DedicatedThread(label: "journal")

    /// The thread on which SQLite runs.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// - Parameter folder: Its database has the newest schema, as `Database` leaves it.
    package init(in folder: DataFolder) throws(StoreError) {
        let connection = try SQLiteConnection(path: folder.file(Database.fileName))
        try connection.prepareForSharing()
        self.connection = connection
    }

    /// Writes notes in their order: all of them, or none.
    package func write(_ notes: [JobNote]) throws(StoreError) {
        try connection.transaction { () throws(StoreError) in
            for note in notes { try write(note) }
        }
    }

    /// The job that a request made which bore the same key in its lifetime.
    package func find(_ key: RequestKey, of token: TokenID, at now: WallTime) throws(StoreError) -> KeyClaim {
        let row = try connection.run(
            "SELECT digest, job FROM request_keys WHERE token = ? AND name = ? AND made_at > ?",
            [.text(token.rawValue), .text(key.name), .integer(Self.birth(ofKeysLivingAt: now))]
        ).first
        guard let row, let number = row[1].integer else { return .new }
        guard row[0].blob == key.digest else { return .conflict }
        let job = try connection.run("SELECT \(JobRow.columns) FROM jobs WHERE number = ?", [.integer(number)])
        return job.first.flatMap { JobRow($0) }.map { .known($0.status) } ?? .new
    }

    /// Keeps a job together with its key, unless the key is known.
    package func claim(_ key: RequestKey, for entry: JobEntry, at now: WallTime) throws(StoreError) -> KeyClaim {
        try connection.transaction { () throws(StoreError) in
            let claim = try find(key, of: entry.token, at: now)
            guard claim == .new, let number = try insert(entry) else { return claim }
            try connection.run(
                "INSERT OR REPLACE INTO request_keys (token, name, digest, job, made_at) VALUES (?, ?, ?, ?, ?)",
                [
                    .text(entry.token.rawValue), .text(key.name), .blob(key.digest), .integer(number),
                    .integer(now.milliseconds),
                ])
            return .new
        }
    }

    /// The jobs that an earlier server has not ended, in the order in which they were accepted.
    package func unfinished() throws(StoreError) -> [UnfinishedJob] {
        try connection.run("SELECT \(JobRow.columns) FROM jobs WHERE ended_at IS NULL ORDER BY number")
            .compactMap { JobRow($0)?.unfinished }
    }

    /// Keys made up to this time, in milliseconds, are forgotten.
    static func birth(ofKeysLivingAt now: WallTime) -> Int64 {
        now.milliseconds - Int64(RequestKey.lifetime / .milliseconds(1))
    }
}
