import Flow
import JSON
import Sound
import VoiceCore
import Wire

/// What stands in the text files of a recording.
enum BlockText {
    /// The draft and where each of its utterances lies in the audio.
    ///
    /// - Parameter places: By utterance; one without audio is not there.
    static func about(_ draft: Draft, places: [UtteranceID: ClosedRange<Duration>]) -> [UInt8] {
        let utterances: [JSONValue] = draft.parts.compactMap { part in
            places[part.utterance].map { place in
                .object([
                    "utterance_id": .string(part.utterance.rawValue), "file_start_ms": .milliseconds(place.lowerBound),
                    "file_end_ms": .milliseconds(place.upperBound),
                ])
            }
        }
        return JSONText.bytes(
            JSONValue.object([
                "draft": WireDraft(draft).json,
                "audio": .object([
                    "file": .string(BlockFolder.File.audio.rawValue),
                    "sample_rate": .integer(BlockAudio.format.sampleRate), "utterances": .array(utterances),
                ]),
            ])) + [0x0A]
    }

    /// The draft's story as events: that it began, what was said, that it ended.
    static func events(_ draft: Draft) -> [UInt8] {
        var began = draft
        began.parts = []
        began.ending = nil
        var bodies: [(UtteranceID?, Event.Body)] = [(nil, .draftStarted(began))]
        bodies += draft.parts.map { ($0.utterance, .transcriptFinal($0.said)) }
        bodies.append((nil, .draftEnded(draft)))
        let lines = bodies.map { utterance, body in
            let event = Event(
                body, at: draft.ending?.at ?? draft.startedAt, session: draft.session, source: draft.source,
                utterance: utterance)
            return String(decoding: WireEvent.json(event, sequence: nil), as: UTF8.self)
        }
        return Array(("[\n" + lines.joined(separator: ",\n") + "\n]\n").utf8)
    }

    static func text(_ draft: Draft) -> [UInt8] { Array((draft.text + "\n").utf8) }
}
