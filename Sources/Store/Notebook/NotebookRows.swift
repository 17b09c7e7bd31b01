import Flow
import VoiceCore

/// Columns of what was said in one utterance or part of one, in the order of the tables.
enum SaidColumns {
    static let names = ["start", "stop", "text", "words", "confidence", "language", "engine", "latency"]
    static var marks: String { names.map { _ in "?" }.joined(separator: ", ") }
    static var list: String { names.joined(separator: ", ") }

    static func values(_ said: UtteranceTranscript) -> [SQLiteValue] {
        [
            .integer(said.start.wholeMicroseconds), .integer(said.end.wholeMicroseconds),
            .text(said.transcript.text), .text(NotebookText.text(said.transcript.words)),
            said.transcript.confidence.map(SQLiteValue.real) ?? .null, .text(orNull: said.transcript.language),
            .text(said.engine), .integer(said.latency.wholeMicroseconds),
        ]
    }

    static func said(_ row: ArraySlice<SQLiteValue>) -> UtteranceTranscript? {
        let row = Array(row)
        guard row.count == names.count, let start = row[0].integer, let end = row[1].integer, let text = row[2].text,
            let engine = row[6].text
        else { return nil }
        return UtteranceTranscript(
            transcript: Transcript(
                text: text, words: NotebookText.words(row[3].text ?? ""), confidence: row[4].real,
                language: row[5].text),
            start: .microseconds(start), end: .microseconds(end), engine: engine,
            latency: .microseconds(row[7].integer ?? 0))
    }
}

/// Columns of a draft.
enum DraftColumns {
    static let list =
        "drafts.number, drafts.id, drafts.session, drafts.source, drafts.started_at, drafts.start, drafts.start_text,"
        + " drafts.ended_at, drafts.ended_by, drafts.stop, drafts.end_text, drafts.revised, drafts.speaker, drafts.parent"

    /// Without its parts.
    static func draft(_ row: [SQLiteValue]) -> (number: Int64, draft: Draft)? {
        guard row.count >= 14, let number = row[0].integer, let id = row[1].text, let session = row[2].text,
            let source = row[3].text, let startedAt = row[4].integer, let start = row[5].integer,
            let startText = row[6].text
        else { return nil }
        var draft = Draft(
            id: DraftID(id), session: SessionID(session), source: SourceID(source),
            startedAt: WallTime(milliseconds: startedAt), start: .microseconds(start), startText: startText,
            speaker: row[12].text)
        if let endedAt = row[7].integer, let reason = row[8].text.flatMap(Draft.Ending.Reason.init(rawValue:)) {
            draft.ending = Draft.Ending(
                reason, at: WallTime(milliseconds: endedAt), position: .microseconds(row[9].integer ?? start),
                text: row[10].text)
        }
        draft.isRevised = row[11].integer == 1
        draft.parent = row[13].text.map { DraftID($0) }
        return (number, draft)
    }
}

/// Columns of something that was said.
enum UtteranceColumns {
    static let list =
        "utterances.number, utterances.id, utterances.session, utterances.source, utterances.at, utterances.revised, "
        + "utterances.speaker, utterances.in_group, utterances.said_at, "
        + SaidColumns.names.map { "utterances." + $0 }.joined(separator: ", ")

    static func utterance(_ row: [SQLiteValue]) -> NotedUtterance? {
        guard row.count >= 9, let number = row[0].integer, let id = row[1].text, let session = row[2].text,
            let source = row[3].text, let at = row[4].integer, let saidAt = row[8].integer,
            let said = SaidColumns.said(row[9...])
        else { return nil }
        return NotedUtterance(
            number: number, utterance: UtteranceID(id), session: SessionID(session), source: SourceID(source),
            speaker: row[6].text, group: row[7].text.map { GroupID($0) }, at: WallTime(milliseconds: at),
            saidAt: WallTime(milliseconds: saidAt), said: said, isRevised: row[5].integer == 1)
    }
}
