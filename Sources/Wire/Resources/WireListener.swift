package import VoiceCore
package import JSON

/// A listener as lists show it.
package struct WireListener: Hashable, Sendable {
    package var description: ListenerDescription
    package var readiness: Readiness
    package var roundTrip: Duration?
    /// The job it plays.
    package var job: JobID?

    package init(
        description: ListenerDescription, readiness: Readiness, roundTrip: Duration? = nil, job: JobID? = nil
    ) {
        self.description = description
        self.readiness = readiness
        self.roundTrip = roundTrip
        self.job = job
    }

    /// One member for each thing that is known.
    ///
    /// `listener_id, kind, session_id | scope, output, device?, ready, reason?, volume, delay_ms, mute, job_id?…`
    package var json: JSONValue {
        var fields = description.fields.merging(readiness.fields) { $1 }
        fields["listener_id"] = .string(description.id.rawValue)
        fields["round_trip_ms"] = roundTrip.map { .double(Double(Int($0 / .microseconds(100))) / 10) }
        fields["job_id"] = job.map { .string($0.rawValue) }
        return .object(fields)
    }
}

extension ListenerDescription {
    /// What a list and the event `listener.attached` tell; no token.
    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "kind": .string(kind), "output": .string(output.rawValue), "reports_playback": .bool(reportsPlayback),
            "start_latency_ms": .milliseconds(startLatency),
        ]
        switch scope {
        case .session(let session): fields["session_id"] = .string(session.rawValue)
        case .everyone: fields["scope"] = "*"
        }
        fields["device"] = device.map(JSONValue.string)
        return fields.merging(trim.fields) { $1 }
    }
}

extension ListenerTrim {
    /// Everything, also what is as usual.
    var fields: [String: JSONValue] {
        [
            "volume": .double(volume), "delay_ms": .milliseconds(delay),
            "mute": .object([
                "voices": .array(mutedVoices.sorted().map(JSONValue.string)), "sessions": .ids(mutedSessions.sorted()),
            ]),
        ]
    }
}
