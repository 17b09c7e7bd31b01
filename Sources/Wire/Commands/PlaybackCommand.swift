package import VoiceCore
import JSON

/// What a listener tells of a job it plays.
package struct PlaybackCommand: Hashable, Sendable {
    /// What happened.
    package enum State: String, CaseIterable, Hashable, Sendable {
        case started, progress, finished, flushed, failed
    }

    package var job: JobID
    package var listener: ListenerID
    package var state: State
    /// What has left the loudspeaker, in job time; may lie before the beginning or behind the end when it is wrong.
    package var position: Duration
    /// Why it failed.
    package var reason: String?
    /// The channel whose audio it is about; tells the audio of a job from that of an earlier try.
    package var channel: UInt32?

    package init(
        job: JobID, listener: ListenerID, state: State, position: Duration = .zero, reason: String? = nil,
        channel: UInt32? = nil
    ) {
        self.job = job
        self.listener = listener
        self.state = state
        self.position = position
        self.reason = reason
        self.channel = channel
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        job = try fields.need("job_id", fields.id("job_id"))
        listener = try fields.need("listener_id", fields.id("listener_id"))
        state = try fields.need("state", fields.word("state"))
        let milliseconds = try fields.number("position_ms", in: -.infinity ... .infinity) ?? 0
        position = .microseconds(Int64(min(max(milliseconds, 0), 86_400_000) * 1_000))
        reason = try fields.text("reason")
        channel = try fields.number("channel", in: 0...Double(UInt32.max)).map { UInt32($0) }
    }

    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "job_id": .string(job.rawValue), "listener_id": .string(listener.rawValue),
            "state": .string(state.rawValue), "position_ms": .milliseconds(position),
        ]
        fields["reason"] = reason.map(JSONValue.string)
        fields["channel"] = channel.map { .integer(Int($0)) }
        return fields
    }
}
