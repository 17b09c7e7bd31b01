import Flow
import VoiceCore

/// A row of `jobs`, read column by column.
struct JobRow {
    /// In the order in which the initializer reads them.
    static let columns = """
        number, id, token, session, session_name, session_voice, session_local, session_created_at, text, characters, \
        voice, language, speed, volume, priority, route, expires_in, accepted_at, phase, begun, listeners, \
        start_delay, ended_at, outcome, details, duration, position, delivered, percent, estimated, mood
        """

    let number: Int64
    let entry: JobEntry
    let characterCount: Int
    private let phase: JobStatus.Phase
    private let hasBegun: Bool
    private let listeners: [ListenerID]
    private let startDelay: Duration?
    private let delivered: Delivered
    private let end: JobEnd?

    /// - Returns: Nil for what no program of this version has written.
    init?(_ row: [SQLiteValue]) {
        guard row.count == 31, let number = row[0].integer, let entry = Self.entry(row),
            let phase = row[18].text.flatMap(JobStatus.Phase.init(rawValue:))
        else { return nil }
        self.number = number
        self.entry = entry
        self.phase = phase
        characterCount = Int(row[9].integer ?? 0)
        hasBegun = row[19].integer == 1
        listeners = JournalText.listeners(row[20].text ?? "")
        startDelay = row[21].integer.map(Duration.microseconds)
        delivered = Self.delivered(of: entry.request.text, row)
        end = row[22].integer == nil ? nil : Self.end(phase, row, listeners, delivered)
    }

    var status: JobStatus {
        var status = entry.status
        status.phase = phase
        status.listeners = listeners
        status.startDelay = startDelay
        status.end = end
        return status
    }

    var unfinished: UnfinishedJob { UnfinishedJob(entry: entry, hasBegun: hasBegun, delivered: delivered) }

    func archived(_ timeline: [ArchivedJob.Step]) -> ArchivedJob {
        ArchivedJob(
            number: number, status: status, isPrivate: entry.request.isPrivate, characterCount: characterCount,
            timeline: timeline)
    }

    private static func entry(_ row: [SQLiteValue]) -> JobEntry? {
        guard let id = row[1].text, let token = row[2].text, let session = session(row), let voice = row[10].text,
            let route = row[15].text.flatMap(JournalText.route), let acceptedAt = row[17].integer
        else { return nil }
        return JobEntry(
            id: JobID(id), token: TokenID(token), session: session, request: request(row, session.id), voice: voice,
            route: route, acceptedAt: WallTime(milliseconds: acceptedAt))
    }

    private static func session(_ row: [SQLiteValue]) -> SessionInfo? {
        guard let id = row[3].text, let createdAt = row[7].integer else { return nil }
        return SessionInfo(
            id: SessionID(id), name: row[4].text, voice: row[5].text, isLocal: row[6].integer == 1,
            createdAt: WallTime(milliseconds: createdAt))
    }

    /// A text that is not there was private.
    private static func request(_ row: [SQLiteValue], _ session: SessionID) -> SpeakRequest {
        var request = SpeakRequest(text: row[8].text ?? "", session: session)
        request.isPrivate = row[8].text == nil
        request.language = row[11].text
        request.speed = row[12].real ?? 1
        request.volume = row[13].real ?? 1
        request.mood = row[30].text.flatMap(Mood.init(rawValue:))
        request.priority = Int(row[14].integer ?? 0)
        request.expiresIn = .microseconds(row[16].integer ?? 0)
        return request
    }

    private static func delivered(of text: String, _ row: [SQLiteValue]) -> Delivered {
        let scalars = text.unicodeScalars
        let count = max(0, Int(row[27].integer ?? 0))
        let middle = scalars.index(scalars.startIndex, offsetBy: count, limitedBy: scalars.endIndex) ?? scalars.endIndex
        return Delivered(
            delivered: String(scalars[..<middle]), unspoken: String(scalars[middle...]),
            position: .microseconds(row[26].integer ?? 0), percent: Int(row[28].integer ?? 0),
            isEstimated: row[29].integer != 0)
    }

    private static func end(
        _ phase: JobStatus.Phase, _ row: [SQLiteValue], _ listeners: [ListenerID], _ delivered: Delivered
    ) -> JobEnd {
        let outcome = row[23].text ?? ""
        switch phase {
        case .finished:
            return .finished(
                heard: Heard(rawValue: outcome) ?? .none, duration: .microseconds(row[25].integer ?? 0),
                listeners: listeners)
        case .aborted: return .aborted(reason: AbortReason(rawValue: outcome) ?? .requested, delivered)
        default: return .failed(JournalText.failure(outcome, row[24].text), delivered)
        }
    }
}
