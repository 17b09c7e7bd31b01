internal import Flow
package import VoiceCore

extension Database {
    /// The table of sessions that live; times are milliseconds since 1970.
    static let sessionStatements = [
        """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            name TEXT,
            voice TEXT,
            is_local INTEGER NOT NULL,
            is_stored INTEGER NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    ]

    /// The sessions that lived when the server before this one ended.
    package func sessions() throws(StoreError) -> [SessionInfo] {
        try connection.run("SELECT id, name, voice, is_local, is_stored, created_at FROM sessions").compactMap { row in
            guard let id = row[0].text, let isLocal = row[3].integer, let isStored = row[4].integer,
                let createdAt = row[5].integer
            else { return nil }
            var session = SessionInfo(
                id: SessionID(id), name: row[1].text, voice: row[2].text, isLocal: isLocal != 0,
                createdAt: WallTime(milliseconds: createdAt))
            session.isStored = isStored != 0
            return session
        }
    }

    /// Writes changes in one step.
    func change(keeping kept: [SessionInfo], forgetting forgotten: [SessionID]) throws(StoreError) {
        try connection.transaction { () throws(StoreError) in
            for session in kept {
                try connection.run(
                    """
                    INSERT OR REPLACE INTO sessions (id, name, voice, is_local, is_stored, created_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                    [
                        .text(session.id.rawValue), session.name.map(SQLiteValue.text) ?? .null,
                        session.voice.map(SQLiteValue.text) ?? .null, .integer(session.isLocal ? 1 : 0),
                        .integer(session.isStored ? 1 : 0), .integer(session.createdAt.milliseconds),
                    ])
            }
            for session in forgotten {
                try connection.run("DELETE FROM sessions WHERE id = ?", [.text(session.rawValue)])
            }
        }
    }
}
