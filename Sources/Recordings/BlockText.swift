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

    /// The draft's story as Palaver writes it, without its audio.
    static func metaEvents(_ draft: Draft) -> [UInt8] { lines(BlockStory(draft).metaEvents) }

    /// The same with a word for each piece of audio.
    ///
    /// - Parameter places: By utterance; one without audio is not there.
    static func fullEvents(_ draft: Draft, places: [UtteranceID: ClosedRange<Duration>]) -> [UInt8] {
        lines(BlockStory(draft).fullEvents(Set(places.keys)))
    }

    /// One event a line.
    private static func lines(_ events: JSONValue) -> [UInt8] {
        let lines = (events.elements ?? []).map { String(decoding: JSONText.bytes($0), as: UTF8.self) }
        return Array(("[\n" + lines.joined(separator: ",\n") + "\n]\n").utf8)
    }

    static func text(_ draft: Draft) -> [UInt8] { Array((draft.text + "\n").utf8) }
}
