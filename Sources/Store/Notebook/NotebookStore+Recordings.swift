import VoiceCore

/// What the notebook knows of recordings at its start.
extension NotebookStore {
    /// Drafts whose recordings have not ended, and where those lie; last those of an older server that died, which did not
    /// note it.
    func openRecordings() throws(StoreError) -> [(draft: DraftID, path: String?)] {
        try connection.run(
            """
            SELECT drafts.id, recordings.path FROM drafts LEFT JOIN recordings ON recordings.draft = drafts.number
            WHERE recordings.duration IS NULL AND (recordings.path IS NOT NULL OR drafts.ended_by = ?)
            ORDER BY recordings.path IS NULL
            """, [.text(Draft.Ending.Reason.serverRestarted.rawValue)]
        ).compactMap { row in
            row[0].text.map { (DraftID($0), row[1].text.map(names.path)) }
        }
    }

    /// Where recordings lie that belong to drafts.
    ///
    /// - Returns: Nil from a notebook in which there was never a draft: somebody may have put another one in its place,
    ///   and it says nothing about what lies there.
    func allRecordings() throws(StoreError) -> Set<String>? {
        guard try !connection.run("SELECT seq FROM sqlite_sequence WHERE name = 'drafts'").isEmpty else { return nil }
        let rows = try connection.run("SELECT path FROM recordings")
        return Set(rows.compactMap { $0.first?.text.map(names.path) })
    }
}
