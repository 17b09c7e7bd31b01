package import VoiceCore
package import JSON

/// A change of the queue: the command `queue.set` and the body of `PUT /v1/queue`.
package struct QueueSetCommand: Hashable, Sendable {
    /// How long a brake may stay on by itself: a day.
    package static let limitMilliseconds = 86_400_000.0

    package var change: QueueChange

    package init(_ change: QueueChange) {
        self.change = change
    }

    /// Reads the body of a request.
    package init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        try self.init(&fields)
        try fields.end()
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        change = QueueChange(policy: try fields.word("policy"))
        let (isPaused, isHeld) = (try fields.flag("paused"), try fields.flag("held"))
        let session: SessionID? = try fields.id("session_id")
        let output: OutputID? = try fields.id("output")
        let duration = try fields.milliseconds("for_ms", upTo: Self.limitMilliseconds)
        if session != nil, output != nil {
            throw .outOfRange(field: "output", allowed: "absent beside session_id")
        }
        let isAbout = session.map(BrakeSubject.session) ?? output.map(BrakeSubject.output)
        guard isPaused != nil || isHeld != nil else {
            guard isAbout == nil, duration == nil else { throw .missingField("paused") }
            return
        }
        // A pause holds, too.
        let brake: Brake? = isPaused == true ? .paused : isHeld == true ? .held : nil
        if brake == nil, duration != nil {
            throw .outOfRange(field: "for_ms", allowed: "absent where nothing is paused or held")
        }
        change.brake = BrakeChange(subject: isAbout ?? .everything, brake: brake, duration: duration)
    }

    /// The members of the message.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = change.brake?.fields ?? [:]
        fields["policy"] = change.policy.map { .string($0.rawValue) }
        return fields
    }
}

extension BrakeChange {
    /// Members: `session_id?, output?, paused, held, for_ms?`.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["paused": .bool(brake == .paused), "held": .bool(brake == .held)]
        fields["for_ms"] = duration.map { .milliseconds($0) }
        switch subject {
        case .everything: break
        case .session(let session): fields["session_id"] = .string(session.rawValue)
        case .output(let output): fields["output"] = .string(output.rawValue)
        }
        return fields
    }
}
