/// The shape of the database, and how an older one becomes the newest.
enum Schema {
    /// What this program reads and writes (`PRAGMA user_version`): one more with each step.
    static let version = steps.count

    /// The statements that lead from each version to the next one.
    private static let steps: [[String]] = [
        [
            """
            CREATE TABLE tokens (
                id TEXT PRIMARY KEY,
                digest BLOB NOT NULL UNIQUE,
                label TEXT NOT NULL,
                scopes TEXT NOT NULL,
                session TEXT,
                created_at INTEGER NOT NULL,
                expires_at INTEGER
            ) STRICT
            """,
            "CREATE TABLE sequence (name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT",
        ],
        ["ALTER TABLE tokens ADD COLUMN room TEXT", "ALTER TABLE tokens ADD COLUMN rate TEXT"],
        JournalSchema.statements,
        Database.markStatements,
        NotebookSchema.statements,
        ["ALTER TABLE jobs ADD COLUMN mood TEXT"],
        NotebookSchema.speakerStatements,
        NotebookSchema.parentStatements,
        NotebookSchema.recordingNameStatements,
        NotebookSchema.openRecordingStatements,
        Database.sessionStatements,
        NotebookSchema.groupStatements,
    ]

    /// - Throws: `newerSchema` for a file that a newer program wrote; it is left as it is.
    static func check(_ connection: borrowing SQLiteConnection, path: String) throws(StoreError) {
        let found = try foundVersion(connection)
        guard found <= version else { throw .newerSchema(path: path, found: found, known: version) }
    }

    private static func foundVersion(_ connection: borrowing SQLiteConnection) throws(StoreError) -> Int {
        Int(try connection.run("PRAGMA user_version").first?.first?.integer ?? 0)
    }

    /// Brings the database to the newest version in one step.
    static func migrate(_ connection: borrowing SQLiteConnection, path: String) throws(StoreError) {
        try check(connection, path: path)
        let found = try foundVersion(connection)
        guard found < version else { return }
        try connection.transaction { () throws(StoreError) in
            for statement in steps[found...].joined() { try connection.run(statement) }
            try connection.run("PRAGMA user_version = \(version)")
        }
    }
}
