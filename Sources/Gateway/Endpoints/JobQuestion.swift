import Flow
import Net
import VoiceCore
import Wire

/// What `GET /v1/jobs` asks of the journal.
struct JobQuestion: Sendable {
    /// Jobs in one step of an export; each may have 64 KiB of text.
    private static let exportCount = 100
    private static let defaultCount = 100

    var query: JobQuery
    let grant: Grant
    /// Whether all are wanted, a line each.
    let isExport: Bool

    /// - Returns: Nil if nothing is asked but what is there now.
    init?(_ call: Call) throws(ErrorReply) {
        let names = ["limit", "before", "after", "q", "session", "status", "since", "format"]
        guard names.contains(where: { call.request.query[$0] != nil }) else { return nil }
        grant = call.grant
        do throws(WireError) {
            isExport = try Self.format(call.request.query["format"])
            query = JobQuery(count: isExport ? Self.exportCount : Self.defaultCount)
            if let limit = try Self.number("limit", call), !isExport {
                guard (1...Int64(JobQuery.limit)).contains(limit) else {
                    throw .outOfRange(field: "limit", allowed: "1 to \(JobQuery.limit)")
                }
                query.count = Int(limit)
            }
            query.before = try Self.number("before", call)
            query.after = try Self.number("after", call)
            query.text = call.request.query["q"]
            query.phases = try Self.phases(call.list("status"))
            query.since = try Self.time(call.request.query["since"])
        } catch {
            throw ErrorReply(error)
        }
        query.session = try Self.session(call)
    }

    /// A bound token's own session, or the one that is named and that it covers.
    private static func session(_ call: Call) throws(ErrorReply) -> SessionID? {
        guard let name = call.request.query["session"] else { return call.grant.session }
        let session = SessionID(name)
        guard call.grant.covers(session) else {
            throw ErrorReply(.unknownSession, "there is no session \(session)", field: "session")
        }
        return session
    }

    private static func format(_ word: String?) throws(WireError) -> Bool {
        switch word {
        case nil, "json": false
        case "jsonl": true
        default: throw .outOfRange(field: "format", allowed: "json or jsonl")
        }
    }

    private static func number(_ name: String, _ call: Call) throws(WireError) -> Int64? {
        guard let text = call.request.query[name] else { return nil }
        guard let number = Int64(text), number >= 0 else { throw .wrongType(field: name, wanted: "a whole number") }
        return number
    }

    private static func phases(_ words: [String]?) throws(WireError) -> Set<JobStatus.Phase>? {
        guard let words else { return nil }
        return Set(
            try words.map { word throws(WireError) in
                guard let phase = JobStatus.Phase(rawValue: word) else {
                    throw .outOfRange(field: "status", allowed: "queued, held, speaking, finished, aborted and failed")
                }
                return phase
            })
    }

    private static func time(_ text: String?) throws(WireError) -> WallTime? {
        guard let text else { return nil }
        guard let time = WallTime(iso8601: text) else {
            throw .wrongType(field: "since", wanted: "a time such as 2026-11-21T00:58:03Z or 2026-11-21")
        }
        return time
    }
}
