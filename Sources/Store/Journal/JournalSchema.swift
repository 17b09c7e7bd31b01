/// The tables of the journal.
enum JournalSchema {
    /// Times are milliseconds since 1970, lengths of time microseconds, counts Unicode scalars.
    static let statements = [
        """
        CREATE TABLE jobs (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            token TEXT NOT NULL,
            session TEXT NOT NULL,
            session_name TEXT,
            session_voice TEXT,
            session_local INTEGER NOT NULL,
            session_created_at INTEGER NOT NULL,
            text TEXT,
            characters INTEGER NOT NULL,
            voice TEXT NOT NULL,
            language TEXT,
            speed REAL NOT NULL,
            volume REAL NOT NULL,
            priority INTEGER NOT NULL,
            route TEXT NOT NULL,
            expires_in INTEGER NOT NULL,
            accepted_at INTEGER NOT NULL,
            phase TEXT NOT NULL,
            begun INTEGER NOT NULL DEFAULT 0,
            listeners TEXT NOT NULL DEFAULT '',
            start_delay INTEGER,
            ended_at INTEGER,
            outcome TEXT,
            details TEXT,
            duration INTEGER,
            position INTEGER NOT NULL DEFAULT 0,
            delivered INTEGER NOT NULL DEFAULT 0,
            percent INTEGER NOT NULL DEFAULT 0,
            estimated INTEGER NOT NULL DEFAULT 1
        ) STRICT
        """,
        "CREATE INDEX jobs_of_session ON jobs (session, number)",
        "CREATE INDEX jobs_without_end ON jobs (number) WHERE ended_at IS NULL",
        """
        CREATE TABLE job_steps (
            number INTEGER PRIMARY KEY,
            job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            position INTEGER,
            listeners TEXT NOT NULL DEFAULT ''
        ) STRICT
        """,
        "CREATE INDEX steps_of_job ON job_steps (job, number)",
        """
        CREATE TABLE request_keys (
            token TEXT NOT NULL,
            name TEXT NOT NULL,
            digest BLOB NOT NULL,
            job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
            made_at INTEGER NOT NULL,
            PRIMARY KEY (token, name)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX keys_by_age ON request_keys (made_at)",
        "CREATE INDEX keys_of_job ON request_keys (job)",
    ]
}
