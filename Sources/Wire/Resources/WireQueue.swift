package import VoiceCore
package import JSON

/// The queue as answers show it.
package struct WireQueue: Hashable, Sendable {
    package var status: QueueStatus

    package init(_ status: QueueStatus) {
        self.status = status
    }

    /// Members: `policy, depth, paused, held, for_ms?, brakes[], outputs[{output, job_id?, depth}]`.
    package var fields: [String: JSONValue] {
        var fields = status.state.fields
        fields["for_ms"] = status.endsIn.map { .milliseconds($0) }
        fields["brakes"] = .array(status.brakes.map { .object($0.fields) })
        fields["outputs"] = .array(
            status.outputs.map { output in
                var fields: [String: JSONValue] = [
                    "output": .string(output.output.rawValue), "depth": .integer(output.depth),
                ]
                fields["job_id"] = output.sounding.map { .string($0.rawValue) }
                return .object(fields)
            })
        return fields
    }
}
