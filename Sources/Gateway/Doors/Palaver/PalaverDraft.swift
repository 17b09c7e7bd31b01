import Flow
import JSON
import VoiceCore

/// A draft as Palaver's later version has it.
struct PalaverDraft: Sendable {
    private let draft: Draft
    private let stream: PalaverStream?

    /// - Parameter stream: Where it was said; nil where that is not known here.
    init(_ draft: Draft, of stream: PalaverStream? = nil) {
        self.draft = draft
        self.stream = stream
    }

    /// The members of the class; a draft that grows has no text yet.
    var json: JSONValue {
        .object([
            "start_text": .string(draft.startText), "end_text": endText.map(JSONValue.string) ?? .null,
            "full_text": .string(draft.ending == nil ? "" : draft.text), "timestamp": timestamp,
            "draft_id": .string(draft.id.rawValue), "parent_draft_id": parent,
            "audio_start_time": stream.map { .double($0.time(draft.start)) } ?? .null,
            "audio_end_time": stream.flatMap { stream in
                draft.ending.map { .double(stream.time($0.position)) }
            } ?? .null,
        ])
    }

    /// A row of its database.
    ///
    /// - Parameter folder: Of the recording; empty where there is none, as Palaver has it.
    func row(in folder: String) -> JSONValue {
        .object([
            "draft_id": .string(draft.id.rawValue), "timestamp": timestamp, "full_text": .string(draft.text),
            "classname": "<class 'palaver.scribe.draft_events.Draft'>", "directory_path": .string(folder),
            "parent_draft_id": parent, "created_at": .string((draft.ending?.at ?? draft.startedAt).iso8601),
        ])
    }

    /// What a list has that is asked for no more than that.
    var summary: JSONValue {
        .object(["draft_id": .string(draft.id.rawValue), "timestamp": timestamp, "parent_draft_id": parent])
    }

    private var timestamp: JSONValue { .double(draft.startedAt.palaverSeconds) }

    private var parent: JSONValue { draft.parent.map { .string($0.rawValue) } ?? .null }

    /// One that no phrase has ended says so as Palaver's does.
    private var endText: String? { draft.ending.map { $0.text ?? "forced end" } }
}
