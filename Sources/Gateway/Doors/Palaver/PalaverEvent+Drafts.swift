import Flow
import JSON
import VoiceCore

extension PalaverEvent {
    /// What Palaver says of a block that nobody ended by a command.
    static let forcedPattern = "no phrase: the stream or the draft has ended"

    /// - Parameter text: In which it was said.
    static func matched(_ command: SpokenCommand, in text: PalaverEvent, _ stamp: PalaverStamp) -> PalaverEvent {
        let named = PalaverCommand(
            name: command.name, startsBlock: command.beginsDraft, endsBlock: command.endsDraft)
        var event = PalaverEvent(
            command: named, pattern: command.pattern, matched: command.matchedText, in: text, stamp)
        event.designMembers["attention_text"] = command.attentionText.map(JSONValue.string)
        return event
    }

    /// A block is over though nobody said so.
    static func forcedStop(in text: PalaverEvent, _ stamp: PalaverStamp) -> PalaverEvent {
        PalaverEvent(command: .forcedStop, pattern: forcedPattern, matched: "", in: text, stamp)
    }

    private init(
        command: PalaverCommand, pattern: String, matched: String, in text: PalaverEvent, _ stamp: PalaverStamp
    ) {
        kind = .command
        members = [
            "pattern": .string(pattern), "segment_index": 0, "matched_text": .string(matched),
            "timestamp": .double(stamp.at.palaverSeconds), "event_id": .string(stamp.id.text),
        ]
        // The design writes a command as its name, the class has an object.
        designMembers = ["command": .string(command.name), "text_event": .object(text.content(in: .design))]
        classMembers = [
            "command": command.json, "text_event": .object(text.content(in: .classes)),
            "attention_text": .null,
        ]
    }

    /// A draft began or ended.
    ///
    /// - Parameter stream: Where it was said; nil where that is not known here.
    static func draft(
        _ kind: PalaverKind, _ draft: Draft, of stream: PalaverStream?, _ stamp: PalaverStamp
    ) -> PalaverEvent {
        var members: JSONObject = [
            "draft": PalaverDraft(draft, of: stream).json, "timestamp": .double(stamp.at.palaverSeconds),
            "event_id": .string(stamp.id.text),
        ]
        if kind == .draftRescan { members["original_draft_id"] = .string((draft.parent ?? draft.id).rawValue) }
        return PalaverEvent(kind: kind, members: members, classMembers: ["author_uri": .null])
    }
}

/// What Palaver knows of a command.
struct PalaverCommand: Sendable {
    /// As Palaver calls what it sends itself when a stream ends within a block.
    static let forcedStop = PalaverCommand(name: "stop_block", startsBlock: false, endsBlock: true)

    let name: String
    let startsBlock: Bool
    let endsBlock: Bool

    var json: JSONValue {
        .object([
            "name": .string(name), "starts_text_block": .bool(startsBlock), "ends_text_block": .bool(endsBlock),
        ])
    }
}
