import Flow
import JSON
import Sound
import VoiceCore

/// The story of a draft in the classes that Palaver's recorder writes: `{"classname","properties"}`, in their order.
///
/// Palaver counts in seconds since 1970 from the beginning of the stream. A recorder knows when the draft began and where
/// in the stream that was, so the stream began so much before. What Palaver tells of its detector is left out.
struct BlockStory: Sendable {
    private let draft: Draft
    /// When the stream began, in seconds since 1970.
    private let origin: Double

    init(_ draft: Draft) {
        self.draft = draft
        origin = Double(draft.startedAt.milliseconds) / 1_000 - draft.start / .seconds(1)
    }

    /// The command that began it, what was said, and the command that ended it.
    var metaEvents: JSONValue { .array([begin] + spoken.map { text($0) } + [end].compactMap { $0 }) }

    /// The same with the audio of each utterance as one chunk; the samples are in the audio file alone.
    ///
    /// - Parameter audio: The utterances that have audio.
    func fullEvents(_ audio: Set<UtteranceID>) -> JSONValue {
        var events = [begin]
        for part in draft.parts {
            if audio.contains(part.utterance) { events.append(chunk(part)) }
            if !part.said.transcript.text.isEmpty { events.append(text(part)) }
        }
        return .array(events + [end].compactMap { $0 })
    }

    /// Where somebody said something but commands.
    private var spoken: [Draft.Part] { draft.parts.filter { !$0.said.transcript.text.isEmpty } }

    private var begin: JSONValue {
        command("start_block", draft.startText, in: draft.parts.first, from: draft.start)
    }

    private var end: JSONValue? {
        draft.ending.map { command("stop_block", $0.text ?? "", in: draft.parts.last, from: $0.position) }
    }

    // MARK: Classes

    private func command(_ name: String, _ words: String, in part: Draft.Part?, from position: Duration) -> JSONValue {
        let said = text(
            words, from: part?.said.start ?? position, to: part?.said.end ?? position,
            id: part?.utterance.rawValue ?? draft.id.rawValue)
        return Self.event(
            "command_events.ScribeCommandEvent",
            [
                "command": .object([
                    "name": .string(name), "starts_text_block": .bool(name == "start_block"),
                    "ends_text_block": .bool(name == "stop_block"),
                ]), "pattern": .string(words), "text_event": said, "segment_index": 0, "matched_text": .string(words),
                "attention_text": .null, "timestamp": time(position), "event_id": .string("\(draft.id)/\(name)"),
            ])
    }

    private func text(_ part: Draft.Part) -> JSONValue {
        text(part.said.transcript.text, from: part.said.start, to: part.said.end, id: part.utterance.rawValue)
    }

    private func text(_ words: String, from start: Duration, to end: Duration, id: String) -> JSONValue {
        let segment: JSONValue = .object([
            "start_ms": .milliseconds(start), "end_ms": .milliseconds(end), "text": .string(words),
        ])
        return Self.event(
            "text_events.TextEvent",
            [
                "timestamp": time(end), "event_id": .string(id), "segments": .array([segment]),
                "audio_source_id": .string(draft.source.rawValue), "audio_start_time": time(start),
                "audio_end_time": time(end),
            ])
    }

    private func chunk(_ part: Draft.Part) -> JSONValue {
        let duration = part.said.end - part.said.start
        return .object([
            "event_type": "AUDIO_CHUNK", "source_id": .string(draft.source.rawValue),
            "stream_start_time": .double(origin), "speech_start_time": time(part.said.start),
            "timestamp": time(part.said.start), "event_id": .string("\(part.utterance)/audio"), "data": "omitted",
            "duration": .double(duration / .seconds(1)), "sample_rate": .integer(BlockAudio.format.sampleRate),
            "channels": 1, "blocksize": .integer(BlockAudio.format.sampleCount(in: duration)), "datatype": "int16",
            "in_speech": true, "meta_data": .null,
        ])
    }

    private static func event(_ name: String, _ properties: JSONObject) -> JSONValue {
        .object(["classname": .string("<class 'palaver.scribe.\(name)'>"), "properties": .object(properties)])
    }

    private func time(_ position: Duration) -> JSONValue { .double(origin + position / .seconds(1)) }
}
