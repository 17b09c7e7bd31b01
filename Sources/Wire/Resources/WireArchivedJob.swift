private import Flow
package import JSON
package import VoiceCore

extension ArchivedJob {
    /// What `GET /v1/jobs/{id}` and an export show: a job of a list with `text, characters, private, timeline`.
    ///
    /// - Parameter current: Where the job stands now, if it is known better than the journal knows it.
    package func json(current: JobStatus? = nil) -> JSONValue {
        guard case .object(var fields) = listed(current: current) else { return .null }
        fields["text"] = isPrivate ? nil : .string(status.text)
        fields["timeline"] = .array(timeline.map(\.json))
        return .object(fields)
    }

    /// What a list shows.
    package func listed(current: JobStatus? = nil) -> JSONValue {
        guard case .object(var fields) = WireJob(current ?? status).json else { return .null }
        fields["characters"] = .integer(characterCount)
        fields["private"] = .bool(isPrivate)
        fields["cursor"] = .integer(Int(number))
        return .object(fields)
    }
}

extension ArchivedJob.Step {
    /// Members: `event, at, position_ms?, listeners?`.
    fileprivate var json: JSONValue {
        var fields: [String: JSONValue] = ["event": .string(kind.rawValue), "at": .string(at.iso8601)]
        fields["position_ms"] = position.map { .milliseconds($0) }
        if !listeners.isEmpty { fields["listeners"] = .ids(listeners) }
        return .object(fields)
    }
}
