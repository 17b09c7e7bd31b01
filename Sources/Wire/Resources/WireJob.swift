private import Flow
package import VoiceCore
package import JSON

/// A job as answers and lists show it.
package struct WireJob: Hashable, Sendable {
    package var status: JobStatus

    package init(_ status: JobStatus) {
        self.status = status
    }

    /// `job_id, session_id, status, position?, estimated_wait_ms?, listeners, text_preview, voice, accepted_at,
    /// start_delay_ms?, fallback?`, and of an end `heard, duration_ms` or `reason | code, message` with `delivered_text,
    /// unspoken_text, position_ms, spoken_percent, estimated`.
    package var json: JSONValue {
        var fields = acceptance
        fields["session_id"] = .string(status.session.rawValue)
        fields["text_preview"] = .string(TextPreview.of(status.text))
        fields["voice"] = .string(status.voice)
        fields["accepted_at"] = .string(status.acceptedAt.iso8601)
        fields["start_delay_ms"] = status.startDelay.map { .milliseconds($0) }
        fields["fallback"] = status.fallback?.json
        if let end = status.end { fields.merge(end.fields) { $1 } }
        return .object(fields)
    }

    /// What `speak` answers: `job_id, status, position?, estimated_wait_ms?, listeners`.
    package var acceptance: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "job_id": .string(status.id.rawValue), "status": .string(status.phase.rawValue),
            "listeners": .ids(status.listeners),
        ]
        fields["position"] = status.position.map(JSONValue.integer)
        fields["estimated_wait_ms"] = status.estimatedWait.map { .milliseconds($0) }
        return fields
    }
}
