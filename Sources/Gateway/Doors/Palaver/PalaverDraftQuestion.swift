import Flow
import Net
import VoiceCore
import Wire

/// What `GET /drafts` of Palaver's later version may ask.
struct PalaverDraftQuestion: Sendable {
    /// Without the session.
    let query: NoteQuery
    /// Whether each draft is to be told by its id and time alone.
    let isSummary: Bool

    private static let usualCount = 100
    /// More drafts than anybody speaks.
    private static let largestOffset = 1_000_000_000

    init(_ request: HTTPRequest) throws(WireError) {
        var query = NoteQuery(count: try Self.number("limit", request, 1...NoteQuery.limit) ?? Self.usualCount)
        query.offset = try Self.number("offset", request, 0...Self.largestOffset) ?? 0
        query.isEnded = true
        switch request.query["order"] {
        case "asc": query.isOldestFirst = true
        case nil, "desc": query.isOldestFirst = false
        default: throw .outOfRange(field: "order", allowed: "asc or desc")
        }
        if let text = request.query["since"] {
            guard let since = WallTime(palaver: text) else {
                throw .wrongType(field: "since", wanted: "seconds since 1970, or a time such as 2026-11-21T00:58:03Z")
            }
            query.since = since
        }
        self.query = query
        isSummary = try Self.flag("summary", request)
    }

    /// A truth value as FastAPI reads it; false if absent.
    static func flag(_ name: String, _ request: HTTPRequest) throws(WireError) -> Bool {
        switch request.query[name]?.lowercased() {
        case "true", "1", "yes", "on", "t", "y": return true
        case nil, "false", "0", "no", "off", "f", "n": return false
        default: throw .wrongType(field: name, wanted: "true or false")
        }
    }

    private static func number(
        _ name: String, _ request: HTTPRequest, _ range: ClosedRange<Int>
    ) throws(WireError) -> Int? {
        guard let text = request.query[name] else { return nil }
        guard let number = Int(text) else { throw .wrongType(field: name, wanted: "a whole number") }
        guard range.contains(number) else {
            throw .outOfRange(field: name, allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

extension WallTime {
    /// Reads what Palaver takes for a time: seconds since 1970, or ISO 8601, in UTC where it names no zone.
    init?(palaver text: String) {
        if let seconds = Double(text) {
            guard let time = WallTime(palaverSeconds: seconds) else { return nil }
            self = time
        } else if let time = WallTime(iso8601: text) ?? WallTime(iso8601: text + "Z") {
            self = time
        } else if let time = Self.zoned(text) {
            self = time
        } else {
            return nil
        }
    }

    /// - Returns: Nil for what is no time within some thousand years.
    init?(palaverSeconds seconds: Double) {
        guard seconds.isFinite, abs(seconds) < 1e11 else { return nil }
        self.init(milliseconds: Int64((seconds * 1_000).rounded()))
    }

    /// A time with a zone such as `+02:00`; a plus in a URL means a blank.
    private static func zoned(_ text: String) -> WallTime? {
        let zone = text.suffix(6)
        guard let sign = zone.first, "+- ".contains(sign), let time = WallTime(iso8601: text.dropLast(6) + "Z") else {
            return nil
        }
        let parts = zone.dropFirst().split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]) else { return nil }
        let offset = Int64(parts[0] * 60 + parts[1]) * 60_000
        return WallTime(milliseconds: time.milliseconds + (sign == "-" ? offset : -offset))
    }
}
