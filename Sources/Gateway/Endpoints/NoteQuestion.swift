import Flow
import Net
import VoiceCore
import Wire

extension NoteQuery {
    private static let defaultCount = 100

    /// What `GET /v1/drafts` and `GET /v1/transcripts` ask of the notebook.
    init(_ call: Call) throws(ErrorReply) {
        self.init(count: Self.defaultCount)
        let query = call.request.query
        do throws(WireError) {
            if let limit = try Self.number("limit", call) {
                guard (1...Int64(NoteQuery.limit)).contains(limit) else {
                    throw .outOfRange(field: "limit", allowed: "1 to \(NoteQuery.limit)")
                }
                count = Int(limit)
            }
            before = try Self.number("before", call)
            after = try Self.number("after", call)
            text = query["q"]
            source = query["source"].map { SourceID($0) }
            group = query["group"].map { GroupID($0) }
            if let since = query["since"] {
                guard let time = WallTime(iso8601: since) else {
                    throw .wrongType(field: "since", wanted: "a time such as 2026-11-21T00:58:03Z or 2026-11-21")
                }
                self.since = time
            }
        } catch {
            throw ErrorReply(error)
        }
        session = try call.askedSession()
    }

    private static func number(_ name: String, _ call: Call) throws(WireError) -> Int64? {
        guard let text = call.request.query[name] else { return nil }
        guard let number = Int64(text), number >= 0 else { throw .wrongType(field: name, wanted: "a whole number") }
        return number
    }
}

extension Call {
    /// The session that is named and that the caller covers, or the only one of a bound token; nil for all.
    func askedSession() throws(ErrorReply) -> SessionID? {
        guard let name = request.query["session"] else { return grant.session }
        let session = SessionID(name)
        guard grant.covers(session) else {
            throw ErrorReply(.unknownSession, "there is no session \(session)", field: "session")
        }
        return session
    }

    /// Whether nothing of the past exists for the caller: a token that is bound to a room alone covers no session.
    var coversNothing: Bool { grant.isBound && grant.session == nil }
}

extension ErrorReply {
    /// What a failure of the notebook means to a client.
    static func unreadable(_ error: JournalError) -> ErrorReply {
        ErrorReply(ErrorCode(rawValue: error.code) ?? .storeFailed, "the notebook cannot be read")
    }

    /// What it means to a client that something is still there which was to be forgotten.
    static func unforgotten(_ error: JournalError) -> ErrorReply {
        ErrorReply(
            ErrorCode(rawValue: error.code) ?? .storeFailed, "not all of it can be deleted; the server's log says why")
    }
}
