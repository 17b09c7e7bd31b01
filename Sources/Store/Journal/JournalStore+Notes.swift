import Flow
import VoiceCore

/// Notes as changes of rows; every statement may meet a job that is not there.
extension JournalStore {
    /// Writes one note.
    func write(_ note: JobNote) throws(StoreError) {
        let id = SQLiteValue.text(note.job.rawValue)
        switch note.body {
        case .accepted(let entry): try insert(entry)
        case .withdrawn: try connection.run("DELETE FROM jobs WHERE id = ?", [id])
        case .begun:
            try connection.run("UPDATE jobs SET begun = 1 WHERE id = ?", [id])
            try step(.begun, note)
        case .started(let listeners, let delay):
            try connection.run(
                "UPDATE jobs SET phase = 'speaking', listeners = ?, start_delay = ? WHERE id = ? AND ended_at IS NULL",
                [.text(JournalText.text(listeners)), .integer(delay.wholeMicroseconds), id])
            try step(.started, note, listeners: listeners)
        case .moved(let listeners, let position):
            try connection.run(
                "UPDATE jobs SET phase = 'speaking', listeners = ? WHERE id = ? AND ended_at IS NULL",
                [.text(JournalText.text(listeners)), id])
            try step(.moved, note, position: position, listeners: listeners)
        case .written(let text):
            // The text of a private job is kept nowhere.
            try connection.run(
                "UPDATE jobs SET text = iif(text IS NULL, NULL, ?), characters = ? WHERE id = ?",
                [.text(text), .integer(Int64(text.unicodeScalars.count)), id])
        case .reached(let delivered): try reach(delivered, id)
        case .ended(let end): try self.end(end, note)
        }
    }

    /// Keeps a new job; one that is there already stays as it is.
    ///
    /// - Returns: Its number.
    @discardableResult
    func insert(_ entry: JobEntry) throws(StoreError) -> Int64? {
        let session = entry.session
        let request = entry.request
        let row = try connection.run(
            """
            INSERT OR IGNORE INTO jobs (id, token, session, session_name, session_voice, session_local,
                session_created_at, text, characters, voice, language, speed, volume, priority, route, expires_in,
                accepted_at, mood, phase)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued') RETURNING number
            """,
            [
                .text(entry.id.rawValue), .text(entry.token.rawValue), .text(session.id.rawValue),
                .text(orNull: session.name), .text(orNull: session.voice), .integer(session.isLocal ? 1 : 0),
                .integer(session.createdAt.milliseconds), request.isPrivate ? .null : .text(request.text),
                .integer(Int64(request.text.unicodeScalars.count)), .text(entry.voice),
                .text(orNull: request.language), .real(request.speed), .real(request.volume),
                .integer(Int64(request.priority)), .text(JournalText.text(entry.route)),
                .integer(request.expiresIn.wholeMicroseconds), .integer(entry.acceptedAt.milliseconds),
                .text(orNull: request.mood?.rawValue),
            ])
        guard let number = row.first?.first?.integer else { return nil }
        try step(.accepted, JobNote(.begun, of: entry.id, at: entry.acceptedAt))
        return number
    }

    private func reach(_ delivered: Delivered, _ id: SQLiteValue) throws(StoreError) {
        try connection.run(
            "UPDATE jobs SET position = ?, delivered = ?, percent = ?, estimated = ? WHERE id = ?",
            [
                .integer(delivered.position.wholeMicroseconds),
                .integer(Int64(delivered.delivered.unicodeScalars.count)), .integer(Int64(delivered.percent)),
                .integer(delivered.isEstimated ? 1 : 0), id,
            ])
    }

    private func end(_ end: JobEnd, _ note: JobNote) throws(StoreError) {
        let id = SQLiteValue.text(note.job.rawValue)
        var values: [SQLiteValue] = [.integer(note.at.milliseconds)]
        var listeners: [ListenerID] = []
        var position: Duration
        switch end {
        case .finished(let heard, let duration, let ears):
            values += [.text("finished"), .text(heard.rawValue), .null, .integer(duration.wholeMicroseconds)]
            listeners = ears
            position = duration
            try connection.run(
                "UPDATE jobs SET delivered = characters, percent = 100, estimated = 0, position = ?, listeners = ? WHERE id = ?",
                [.integer(duration.wholeMicroseconds), .text(JournalText.text(ears)), id])
        case .aborted(let reason, let delivered):
            values += [.text("aborted"), .text(reason.rawValue), .null, .null]
            position = delivered.position
            try reach(delivered, id)
        case .failed(let failure, let delivered):
            values += [.text("failed"), .text(failure.code), .text(orNull: JournalText.details(failure)), .null]
            position = delivered.position
            try reach(delivered, id)
        }
        try connection.run(
            "UPDATE jobs SET ended_at = ?, phase = ?, outcome = ?, details = ?, duration = ? WHERE id = ? AND ended_at IS NULL",
            values + [id])
        try step(.ended, note, position: position, listeners: listeners)
    }

    private func step(
        _ kind: ArchivedJob.Step.Kind, _ note: JobNote, position: Duration? = nil, listeners: [ListenerID] = []
    ) throws(StoreError) {
        try connection.run(
            """
            INSERT INTO job_steps (job, at, kind, position, listeners)
            SELECT number, ?, ?, ?, ? FROM jobs WHERE id = ?
            """,
            [
                .integer(note.at.milliseconds), .text(kind.rawValue),
                .integer(orNull: position?.wholeMicroseconds), .text(JournalText.text(listeners)),
                .text(note.job.rawValue),
            ])
    }
}
