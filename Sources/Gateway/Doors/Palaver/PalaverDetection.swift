import Hearing
import JSON
import VoiceCore
import Wire

/// How speech of a stream is found, in the words of Palaver's speech start.
struct PalaverDetection: Sendable {
    let settings: VoiceDetectionSettings

    /// What holds, whoever asked for it: what is left open is as usual here.
    var members: JSONObject {
        let rules = SegmentRules(settings)
        return [
            "silence_period_ms": .milliseconds(rules.minimumSilence), "vad_threshold": .double(rules.threshold),
            "sampling_rate": .integer(UtteranceAudio.sampleRate), "speech_pad_ms": .milliseconds(rules.preRoll),
        ]
    }

    init(_ settings: VoiceDetectionSettings = VoiceDetectionSettings()) {
        self.settings = settings
    }

    /// What a message asks for; what it leaves out stays as it is.
    init(_ members: JSONObject) throws(WireError) {
        settings = VoiceDetectionSettings(
            threshold: try Self.number(members, "vad_threshold", 0...1),
            silence: try Self.number(members, "silence_period_ms", 0...60_000).map { .milliseconds($0) },
            pad: try Self.number(members, "speech_pad_ms", 0...60_000).map { .milliseconds($0) })
    }

    private static func number(
        _ members: JSONObject, _ name: String, _ range: ClosedRange<Double>
    ) throws(WireError) -> Double? {
        guard let value = members[name], value != .null else { return nil }
        guard let number = value.number else { throw .wrongType(field: name, wanted: "a number") }
        guard range.contains(number) else {
            throw .outOfRange(field: name, allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
