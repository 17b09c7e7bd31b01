internal import Flow
internal import VoiceCore

extension Database {
    /// The table of marks; positions are microseconds, times milliseconds since 1970.
    static let markStatements = [
        """
        CREATE TABLE source_marks (
            source TEXT PRIMARY KEY,
            token TEXT NOT NULL,
            session TEXT NOT NULL,
            position INTEGER NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    ]

    func mark(of source: SourceID) throws(StoreError) -> SourceMark? {
        let rows = try connection.run(
            "SELECT token, session, position, at FROM source_marks WHERE source = ?", [.text(source.rawValue)])
        guard let row = rows.first, let token = row[0].text, let session = row[1].text,
            let position = row[2].integer, let at = row[3].integer
        else { return nil }
        return SourceMark(
            source: source, token: TokenID(token), session: SessionID(session), position: .microseconds(position),
            at: WallTime(milliseconds: at))
    }

    /// Writes changes in one step.
    func change(
        keeping kept: [SourceMark], forgetting forgotten: [SourceID], olderThan oldest: WallTime
    ) throws(StoreError) {
        try connection.transaction { () throws(StoreError) in
            for mark in kept {
                try connection.run(
                    "INSERT OR REPLACE INTO source_marks (source, token, session, position, at) VALUES (?, ?, ?, ?, ?)",
                    [
                        .text(mark.source.rawValue), .text(mark.token.rawValue), .text(mark.session.rawValue),
                        .integer(Int64(mark.position / .microseconds(1))), .integer(mark.at.milliseconds),
                    ])
            }
            for source in forgotten {
                try connection.run("DELETE FROM source_marks WHERE source = ?", [.text(source.rawValue)])
            }
            try connection.run("DELETE FROM source_marks WHERE at < ?", [.integer(oldest.milliseconds)])
        }
    }
}
