private import Flow
package import VoiceCore
package import JSON

/// A draft as events and lists show it.
package struct WireDraft: Sendable {
    private let draft: Draft
    private let recording: Recording?

    package init(_ draft: Draft, recording: Recording? = nil) {
        self.draft = draft
        self.recording = recording
    }

    /// All of it; times are from the source's first sample.
    package var json: JSONValue {
        var members = summary
        members["utterances"] = .array(
            draft.parts.map { part in
                var members = part.said.spoken
                members["utterance_id"] = .string(part.utterance.rawValue)
                return .object(members)
            })
        return .object(members)
    }

    /// Without its utterances, for lists.
    package var summary: JSONObject {
        var members: JSONObject = [
            "draft_id": .string(draft.id.rawValue), "session_id": .string(draft.session.rawValue),
            "source_id": .string(draft.source.rawValue), "started_at": .string(draft.startedAt.iso8601),
            "start_ms": .milliseconds(draft.start), "start_text": .string(draft.startText),
            "text": .string(draft.text), "revised": .bool(draft.isRevised),
        ]
        members["speaker"] = draft.speaker.map(JSONValue.string)
        if let ending = draft.ending {
            members["ended_at"] = .string(ending.at.iso8601)
            members["end_ms"] = .milliseconds(ending.position)
            members["ended_by"] = .string(ending.reason.rawValue)
            members["end_text"] = ending.text.map(JSONValue.string)
        }
        if !draft.engines.isEmpty { members["engines"] = .array(draft.engines.map(JSONValue.string)) }
        members["parent_draft_id"] = draft.parent.map { .string($0.rawValue) }
        members["recording"] = recording.map { .object($0.fields) }
        return members
    }
}

extension Recording {
    /// The members of `recording.saved`, and of a draft's `recording`.
    var fields: JSONObject {
        [
            "draft_id": .string(draft.rawValue), "path": .string(path), "duration_ms": .milliseconds(duration),
            "bytes": .integer(byteCount), "utterances": .integer(utteranceCount),
        ]
    }
}

extension SpokenCommand {
    /// The members of `command.matched`.
    var fields: JSONObject {
        var fields: JSONObject = [
            "name": .string(name), "slots": .object(slots.mapValues(JSONValue.string)), "pattern": .string(pattern),
            "matched_text": .string(matchedText), "score": .double((score * 10).rounded() / 10),
        ]
        fields["by"] = .string(basis.rawValue)
        fields["attention_text"] = attentionText.map(JSONValue.string)
        return fields
    }
}

/// Something that was said, as the notebook shows it.
package struct WireNotedUtterance: Sendable {
    private let noted: NotedUtterance

    package init(_ noted: NotedUtterance) {
        self.noted = noted
    }

    /// All of it; times are from the source's first sample.
    package var json: JSONValue {
        var members = noted.said.spoken
        members["utterance_id"] = .string(noted.utterance.rawValue)
        members["session_id"] = .string(noted.session.rawValue)
        members["source_id"] = .string(noted.source.rawValue)
        members["speaker"] = noted.speaker.map(JSONValue.string)
        members["group"] = noted.group.map { .string($0.rawValue) }
        members["at"] = .string(noted.at.iso8601)
        members["said_at"] = .string(noted.saidAt.iso8601)
        members["revised"] = .bool(noted.isRevised)
        members["engine"] = .string(noted.said.engine)
        members["number"] = .integer(Int(noted.number))
        return .object(members)
    }
}
