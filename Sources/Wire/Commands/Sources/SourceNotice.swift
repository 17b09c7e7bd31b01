package import VoiceCore
package import JSON

/// What the server tells a source by itself.
package enum SourceNotice: Hashable, Sendable {
    /// What a source is asked to do.
    package enum Control: String, CaseIterable, Hashable, Sendable {
        case pause, resume
        /// Send no faster than real time, and of a recording nothing, until `resume`.
        case slowDown = "slow_down"
        /// It is over.
        case stop
    }

    /// Everything up to the frame with this number was received.
    case received(SourceID, sequence: UInt32)
    /// The reason is told with `stop`: that of `source.stopped`, or `taken_up` where another client goes on with the
    /// source.
    case control(SourceID, Control, reason: String? = nil)

    /// Reads what a server sent; nil if it is another message or lacks a member.
    package init?(_ message: JSONValue) {
        guard let source = message["source_id"]?.text.map({ SourceID($0) }) else { return nil }
        switch message["type"]?.text {
        case "source.ack":
            guard let sequence = message["sequence"]?.whole.flatMap(UInt32.init(exactly:)) else { return nil }
            self = .received(source, sequence: sequence)
        case "source.control":
            guard let control = message["state"]?.text.flatMap(Control.init(rawValue:)) else { return nil }
            self = .control(source, control, reason: message["reason"]?.text)
        default: return nil
        }
    }

    /// The message.
    package var json: [UInt8] {
        switch self {
        case .received(let source, let sequence):
            JSONText.bytes(
                JSONValue.object([
                    "type": "source.ack", "source_id": .string(source.rawValue), "sequence": .integer(Int(sequence)),
                ]))
        case .control(let source, let control, let reason):
            JSONText.bytes(JSONValue.object(Self.members(source, control, reason)))
        }
    }
    private static func members(_ source: SourceID, _ control: Control, _ reason: String?) -> JSONObject {
        var members: JSONObject = [
            "type": "source.control", "source_id": .string(source.rawValue), "state": .string(control.rawValue),
        ]
        members["reason"] = reason.map(JSONValue.string)
        return members
    }
}
