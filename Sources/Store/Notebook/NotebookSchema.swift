/// The tables of what was said, with an index of all words.
enum NotebookSchema {
    /// Times are milliseconds since 1970, places in a source's audio microseconds from its first sample.
    static let statements =
        [
            """
            CREATE TABLE utterances (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                session TEXT NOT NULL,
                source TEXT NOT NULL,
                at INTEGER NOT NULL,
                start INTEGER NOT NULL,
                stop INTEGER NOT NULL,
                text TEXT NOT NULL,
                words TEXT NOT NULL,
                confidence REAL,
                language TEXT,
                engine TEXT NOT NULL,
                latency INTEGER NOT NULL,
                revised INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX utterances_of_session ON utterances (session, number)",
            "CREATE INDEX utterances_by_age ON utterances (at)",
            """
            CREATE TABLE drafts (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                session TEXT NOT NULL,
                source TEXT NOT NULL,
                started_at INTEGER NOT NULL,
                start INTEGER NOT NULL,
                start_text TEXT NOT NULL,
                ended_at INTEGER,
                ended_by TEXT,
                stop INTEGER,
                end_text TEXT,
                revised INTEGER NOT NULL DEFAULT 0,
                text TEXT NOT NULL DEFAULT ''
            ) STRICT
            """,
            "CREATE INDEX drafts_of_session ON drafts (session, number)",
            "CREATE INDEX drafts_by_age ON drafts (started_at)",
            """
            CREATE TABLE draft_parts (
                draft INTEGER NOT NULL REFERENCES drafts (number) ON DELETE CASCADE,
                place INTEGER NOT NULL,
                utterance TEXT NOT NULL,
                start INTEGER NOT NULL,
                stop INTEGER NOT NULL,
                text TEXT NOT NULL,
                words TEXT NOT NULL,
                confidence REAL,
                language TEXT,
                engine TEXT NOT NULL,
                latency INTEGER NOT NULL,
                PRIMARY KEY (draft, place)
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE recordings (
                draft INTEGER PRIMARY KEY REFERENCES drafts (number) ON DELETE CASCADE,
                path TEXT NOT NULL,
                duration INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                utterances INTEGER NOT NULL
            ) STRICT
            """,
        ] + index(of: "utterances") + index(of: "drafts")

    /// Who spoke, where somebody said.
    static let speakerStatements = [
        "ALTER TABLE utterances ADD COLUMN speaker TEXT", "ALTER TABLE drafts ADD COLUMN speaker TEXT",
    ]

    /// Drafts that are better readings of others.
    static let parentStatements = [
        "ALTER TABLE drafts ADD COLUMN parent TEXT",
        "CREATE INDEX drafts_of_parent ON drafts (parent) WHERE parent IS NOT NULL",
    ]

    /// In which group it was said, and when it began; what is older was not told of its group.
    static let groupStatements = [
        "ALTER TABLE utterances ADD COLUMN in_group TEXT",
        "ALTER TABLE utterances ADD COLUMN said_at INTEGER NOT NULL DEFAULT 0",
        "UPDATE utterances SET said_at = at - (latency + stop - start) / 1000",
        "CREATE INDEX utterances_of_group ON utterances (in_group, said_at) WHERE in_group IS NOT NULL",
    ]

    /// Recordings by the names of their folders.
    static let recordingNameStatements = [
        "UPDATE recordings SET path = substr(path, length(rtrim(path, replace(path, '/', ''))) + 1)"
    ]

    /// Recordings from when they begin: what is not known before they end is null.
    static let openRecordingStatements = [
        "ALTER TABLE recordings RENAME TO ended_recordings",
        """
        CREATE TABLE recordings (
            draft INTEGER PRIMARY KEY REFERENCES drafts (number) ON DELETE CASCADE,
            path TEXT NOT NULL,
            duration INTEGER,
            bytes INTEGER,
            utterances INTEGER
        ) STRICT
        """,
        "INSERT INTO recordings SELECT draft, path, duration, bytes, utterances FROM ended_recordings",
        "DROP TABLE ended_recordings",
    ]

    /// An index of a table's column `text` that follows every change of it.
    private static func index(of table: String) -> [String] {
        let index = table + "_words"
        let forget = "INSERT INTO \(index) (\(index), rowid, text) VALUES ('delete', old.number, old.text);"
        let add = "INSERT INTO \(index) (rowid, text) VALUES (new.number, new.text);"
        return [
            """
            CREATE VIRTUAL TABLE \(index) USING fts5
                (text, content = '\(table)', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2')
            """,
            "CREATE TRIGGER \(index)_added AFTER INSERT ON \(table) BEGIN \(add) END",
            "CREATE TRIGGER \(index)_removed AFTER DELETE ON \(table) BEGIN \(forget) END",
            "CREATE TRIGGER \(index)_changed AFTER UPDATE OF text ON \(table) BEGIN \(forget) \(add) END",
        ]
    }
}
