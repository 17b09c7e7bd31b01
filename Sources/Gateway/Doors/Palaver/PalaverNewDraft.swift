import Flow
import JSON
import VoiceCore
import Wire

/// A draft that somebody else has made of what was said, as `/new_draft` takes it.
struct PalaverNewDraft: Sendable {
    let id: DraftID
    let parent: DraftID?
    private let startText: String
    private let endText: String?
    private let text: String
    private let timestamp: WallTime
    /// In seconds since 1970.
    private let (audioStart, audioEnd): (Double?, Double?)

    /// Some hours of dictation.
    private static let textLimit = 1 << 20
    private static let phraseLimit = 1_024

    /// - Parameter now: When one that does not say has been made.
    init(_ message: JSONValue, now: WallTime) throws(WireError) {
        guard let members = message.members else { throw .wrongType(field: "", wanted: "an object") }
        guard let start = try Self.text(members, "start_text", Self.phraseLimit) else {
            throw .missingField("start_text")
        }
        startText = start
        endText = try Self.text(members, "end_text", Self.phraseLimit)
        text = try Self.text(members, "full_text", Self.textLimit) ?? ""
        id = try Self.id(members, "draft_id") ?? .random()
        parent = try Self.id(members, "parent_draft_id")
        let seconds = try Self.seconds(members, "timestamp")
        timestamp = seconds.flatMap { WallTime(palaverSeconds: $0) } ?? now
        audioStart = try Self.seconds(members, "audio_start_time")
        audioEnd = try Self.seconds(members, "audio_end_time")
        guard parent != id else { throw .outOfRange(field: "parent_draft_id", allowed: "another draft") }
    }

    /// As a draft of our own, which has ended.
    ///
    /// - Parameters:
    ///   - original: What it is a better reading of; nil for a draft of its own.
    ///   - stream: Where the original was said; nil where that is not known here.
    func draft(in session: SessionID, after original: Draft?, of stream: PalaverStream?) -> Draft {
        let start = place(audioStart, stream) ?? original?.start ?? .zero
        let end = max(start, place(audioEnd, stream) ?? original?.ending?.position ?? start)
        var draft = Draft(
            id: id, session: session, source: original?.source ?? SourceID("elsewhere"), startedAt: timestamp,
            start: start, startText: startText)
        draft.parent = parent
        draft.parts = [
            Draft.Part(
                utterance: UtteranceID.random(prefix: "utt_"),
                said: UtteranceTranscript(
                    transcript: Transcript(text: text), start: start, end: end, engine: "elsewhere", latency: .zero))
        ]
        draft.ending = Draft.Ending(.made, at: timestamp, position: end, text: endText)
        draft.isRevised = original != nil
        return draft
    }

    private func place(_ time: Double?, _ stream: PalaverStream?) -> Duration? {
        guard let time, let stream else { return nil }
        // A stream of more than a month is none.
        let seconds = time - stream.startTime
        return (0...2_678_400).contains(seconds) ? .milliseconds(Int((seconds * 1_000).rounded())) : nil
    }

    private static func text(_ members: JSONObject, _ name: String, _ limit: Int) throws(WireError) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let text = value.text else { throw .wrongType(field: name, wanted: "a string") }
        guard text.utf8.count <= limit else { throw .outOfRange(field: name, allowed: "up to \(limit) bytes") }
        return text
    }

    private static func id(_ members: JSONObject, _ name: String) throws(WireError) -> DraftID? {
        guard let text = try text(members, name, phraseLimit) else { return nil }
        let id = DraftID(text)
        guard id.isAcceptable else { throw .outOfRange(field: name, allowed: DraftID.allowed) }
        return id
    }

    private static func seconds(_ members: JSONObject, _ name: String) throws(WireError) -> Double? {
        guard let value = members[name], value != .null else { return nil }
        guard let number = value.number else { throw .wrongType(field: name, wanted: "a number") }
        guard WallTime(palaverSeconds: number) != nil else {
            throw .outOfRange(field: name, allowed: "seconds since 1970")
        }
        return number
    }
}
