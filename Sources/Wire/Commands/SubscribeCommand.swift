import VoiceCore
import JSON

/// Which events a client wants, or wants no more.
package struct SubscribeCommand: Hashable, Sendable {
    package var filter: EventFilter
    /// The last fact the client knows; nil for only what comes from now on.
    package var lastSequence: UInt64?

    package init(filter: EventFilter, lastSequence: UInt64? = nil) {
        self.filter = filter
        self.lastSequence = lastSequence
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        let names = try fields.need("events", fields.texts("events", limit: 100))
        let sessions = try fields.texts("sessions", limit: 100)?.map { SessionID($0) }
        guard sessions?.allSatisfy(\.isAcceptable) ?? true else {
            throw .outOfRange(field: "sessions", allowed: "session ids: \(SessionID.allowed)")
        }
        let sources = try fields.texts("sources", limit: 100)?.map { SourceID($0) }
        guard sources?.allSatisfy(\.isAcceptable) ?? true else {
            throw .outOfRange(field: "sources", allowed: "source ids: \(SourceID.allowed)")
        }
        try fields.refuse("rooms")
        filter = try EventFilter(names: names, sessions: sessions.map { Set($0) }, sources: sources.map { Set($0) })
        lastSequence = try fields.whole("last_seq", in: 0...Int.max).map(UInt64.init)
    }

    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["events": .array(filter.names.map(JSONValue.string))]
        fields["sessions"] = filter.sessions.map { .array($0.map(\.rawValue).sorted().map(JSONValue.string)) }
        fields["sources"] = filter.sources.map { .array($0.map(\.rawValue).sorted().map(JSONValue.string)) }
        fields["last_seq"] = lastSequence.map { .integer(Int(clamping: $0)) }
        return fields
    }
}
