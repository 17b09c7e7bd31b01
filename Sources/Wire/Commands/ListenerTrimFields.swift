package import VoiceCore
import JSON

/// What a message says of a listener's trim; what it does not name stays as it is.
package struct ListenerTrimFields: Hashable, Sendable {
    package var volume: Double?
    package var delay: Duration?
    package var mutedVoices: [String]?
    package var mutedSessions: [SessionID]?

    package init() {}

    /// Everything that differs from the usual.
    package init(_ trim: ListenerTrim) {
        let usual = ListenerTrim()
        volume = trim.volume == usual.volume ? nil : trim.volume
        delay = trim.delay == usual.delay ? nil : trim.delay
        mutedVoices = trim.mutedVoices.isEmpty ? nil : trim.mutedVoices.sorted()
        mutedSessions = trim.mutedSessions.isEmpty ? nil : trim.mutedSessions.sorted()
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        volume = try fields.number("volume", in: ListenerTrim.volumes)
        delay = try fields.milliseconds("delay_ms", upTo: ListenerTrim.longestDelay / .milliseconds(1))
        guard var mute = try fields.object("mute") else { return }
        mutedVoices = try Self.names(&mute, "voices")
        mutedSessions = try Self.names(&mute, "sessions")?.map { SessionID($0) }
        try mute.end()
    }

    /// They are kept as long as the listener is there, so that their length has a limit.
    private static func names(_ fields: inout FieldReader, _ name: String) throws(WireError) -> [String]? {
        let names = try fields.texts(name)
        guard names?.allSatisfy({ $0.utf8.count <= 256 }) != false else {
            throw .outOfRange(field: "mute." + name, allowed: "names of at most 256 bytes")
        }
        return names
    }

    /// A trim after this message.
    package func applied(to trim: ListenerTrim) -> ListenerTrim {
        var trim = trim
        trim.volume = volume ?? trim.volume
        trim.delay = delay ?? trim.delay
        trim.mutedVoices = mutedVoices.map(Set.init) ?? trim.mutedVoices
        trim.mutedSessions = mutedSessions.map(Set.init) ?? trim.mutedSessions
        return trim
    }

    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        fields["volume"] = volume.map(JSONValue.double)
        fields["delay_ms"] = delay.map { .milliseconds($0) }
        var mute: [String: JSONValue] = [:]
        mute["voices"] = mutedVoices.map { .array($0.map(JSONValue.string)) }
        mute["sessions"] = mutedSessions.map { .ids($0) }
        if !mute.isEmpty { fields["mute"] = .object(mute) }
        return fields
    }
}

/// Sets a listener that is open: how loud, how late, and what is not to sound there.
package struct ListenerUpdateCommand: Hashable, Sendable {
    package var listener: ListenerID
    package var trim: ListenerTrimFields

    package init(listener: ListenerID, trim: ListenerTrimFields) {
        self.listener = listener
        self.trim = trim
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        listener = try fields.need("listener_id", fields.id("listener_id"))
        trim = try ListenerTrimFields(&fields)
    }

    var fields: [String: JSONValue] {
        trim.fields.merging(["listener_id": .string(listener.rawValue)]) { $1 }
    }
}
