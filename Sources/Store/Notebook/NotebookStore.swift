import Flow
import VoiceCore

/// Writes what was said, on a connection and a thread of its own.
package actor NotebookStore {
    let connection: SQLiteConnection
    let names: RecordingNames
    /// Whether the index may hold words of what was forgotten.
    var isUnswept = false
    private let thread = DedicatedThread(label: "notebook")

    /// The thread on which SQLite runs.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Opens the notebook; drafts that an earlier server left open have ended.
    ///
    /// - Parameter folder: Its database has the newest schema, as `Database` leaves it.
    package init(in folder: DataFolder) throws(StoreError) {
        let connection = try SQLiteConnection(path: folder.file(Database.fileName))
        try connection.prepareForSharing()
        // What is forgotten is overwritten, not only set free.
        try connection.run("PRAGMA secure_delete = ON")
        try connection.run(
            """
            UPDATE drafts SET ended_by = ?,
                ended_at = max(started_at, coalesce((
                    SELECT max(utterances.at) FROM utterances JOIN draft_parts ON utterances.id = utterance
                    WHERE draft = drafts.number), started_at)),
                stop = coalesce((SELECT max(stop) FROM draft_parts WHERE draft = drafts.number), start)
            WHERE ended_at IS NULL
            """, [.text(Draft.Ending.Reason.serverRestarted.rawValue)])
        self.connection = connection
        names = RecordingNames(in: folder)
    }

    /// Writes notes in their order: all of them, or none.
    ///
    /// - Returns: Recordings of drafts that were forgotten in the meantime.
    func write(_ notes: [SpokenNote]) throws(StoreError) -> [Recording] {
        try connection.transaction { () throws(StoreError) in
            var orphans: [Recording] = []
            for note in notes {
                switch note {
                case .said(let noted): try write(noted)
                case .draft(let draft, let place): try write(draft, from: place)
                case .recordingBegan(let draft, let path): try write(draft, recordingAt: path)
                case .recording(let recording):
                    if try !write(recording) { orphans.append(recording) }
                }
            }
            return orphans
        }
    }

    private func write(_ noted: NotedUtterance) throws(StoreError) {
        let id = SQLiteValue.text(noted.utterance.rawValue)
        guard !noted.isRevised else {
            // One that was forgotten does not come back with its second reading.
            try connection.run(
                "UPDATE utterances SET revised = 1, (\(SaidColumns.list)) = (\(SaidColumns.marks)) WHERE id = ?",
                SaidColumns.values(noted.said) + [id])
            return
        }
        try connection.run(
            """
            INSERT OR IGNORE INTO utterances
                (id, session, source, speaker, in_group, at, said_at, revised, \(SaidColumns.list))
            VALUES (?, ?, ?, ?, ?, ?, ?, 0, \(SaidColumns.marks))
            """,
            [
                id, .text(noted.session.rawValue), .text(noted.source.rawValue), .text(orNull: noted.speaker),
                .text(orNull: noted.group?.rawValue), .integer(noted.at.milliseconds),
                .integer(noted.saidAt.milliseconds),
            ] + SaidColumns.values(noted.said))
    }

    private func write(_ draft: Draft, from place: Int) throws(StoreError) {
        let id = SQLiteValue.text(draft.id.rawValue)
        if draft.parts.isEmpty, draft.ending == nil {
            try connection.run(
                """
                INSERT OR IGNORE INTO drafts (id, session, source, started_at, start, start_text, speaker, parent)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, .text(draft.session.rawValue), .text(draft.source.rawValue),
                    .integer(draft.startedAt.milliseconds), .integer(draft.start.wholeMicroseconds),
                    .text(draft.startText), .text(orNull: draft.speaker),
                    .text(orNull: draft.parent?.rawValue),
                ])
        }
        try connection.run(
            "UPDATE drafts SET ended_at = ?, ended_by = ?, stop = ?, end_text = ?, revised = ?, text = ? WHERE id = ?",
            [
                .integer(orNull: draft.ending?.at.milliseconds), .text(orNull: draft.ending?.reason.rawValue),
                .integer(orNull: draft.ending?.position.wholeMicroseconds), .text(orNull: draft.ending?.text),
                .integer(draft.isRevised ? 1 : 0), .text(draft.text), id,
            ])
        for index in draft.parts.indices.dropFirst(place) {
            try connection.run(
                """
                INSERT OR REPLACE INTO draft_parts (draft, place, utterance, \(SaidColumns.list))
                SELECT number, ?, ?, \(SaidColumns.marks) FROM drafts WHERE id = ?
                """,
                [.integer(Int64(index)), .text(draft.parts[index].utterance.rawValue)]
                    + SaidColumns.values(draft.parts[index].said) + [id])
        }
    }

    private func write(_ draft: DraftID, recordingAt path: String) throws(StoreError) {
        try connection.run(
            "INSERT OR IGNORE INTO recordings (draft, path) SELECT number, ? FROM drafts WHERE id = ?",
            [.text(names.name(of: path)), .text(draft.rawValue)])
    }

    /// - Returns: Whether its draft is still there.
    private func write(_ recording: Recording) throws(StoreError) -> Bool {
        try connection.run(
            """
            INSERT OR REPLACE INTO recordings (draft, path, duration, bytes, utterances)
            SELECT number, ?, ?, ?, ? FROM drafts WHERE id = ?
            """,
            [
                .text(names.name(of: recording.path)), .integer(recording.duration.wholeMicroseconds),
                .integer(Int64(recording.byteCount)), .integer(Int64(recording.utteranceCount)),
                .text(recording.draft.rawValue),
            ])
        return connection.changedRowCount > 0
    }
}
