package import VoiceCore
import JSON

/// A request to send audio on this connection.
package struct SourceOpenCommand: Hashable, Sendable {
    /// Of a source that goes on after its connection or its server was lost, or a name of the client's choice; nil for a
    /// new one.
    package var source: SourceID?
    /// Nil for the session of the connection.
    package var session: SessionID?
    package var format: SourceFormat
    package var role = SourceRole.human
    package var detection = VoiceDetectionSettings()
    package var recognition = RecognitionSettings()
    /// Of whose transcript it is to be a part.
    package var group: GroupID?
    /// Who speaks there.
    package var speaker: String?
    /// Whether the audio of its drafts is to be kept.
    package var records = false
    /// Whether noise is to be taken away before anybody listens.
    package var reducesNoise = false
    /// Whether it is a new source, whatever was known of its name.
    package var beginsAnew = false

    package init(_ format: SourceFormat) {
        self.format = format
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        source = try fields.id("source_id")
        session = try fields.id("session_id")
        try fields.refuse("room")
        records = try fields.flag("record") ?? false
        reducesNoise = try fields.flag("noise_reduction") ?? false
        beginsAnew = try fields.flag("anew") ?? false
        format = try SourceFormat(&fields)
        role = try fields.word("role") ?? .human
        detection = try VoiceDetectionSettings(&fields) ?? VoiceDetectionSettings()
        recognition = try RecognitionSettings(&fields) ?? RecognitionSettings()
        group = try fields.id("group")
        speaker = try fields.text("speaker", limit: 64)
    }

    var fields: [String: JSONValue] {
        var fields = format.fields
        fields["role"] = .string(role.rawValue)
        fields["source_id"] = source.map { .string($0.rawValue) }
        fields["session_id"] = session.map { .string($0.rawValue) }
        fields["vad"] = detection.json
        fields["stt"] = recognition.json
        fields["group"] = group.map { .string($0.rawValue) }
        fields["speaker"] = speaker.map(JSONValue.string)
        if records { fields["record"] = true }
        if reducesNoise { fields["noise_reduction"] = true }
        if beginsAnew { fields["anew"] = true }
        return fields
    }
}

extension SourceFormat {
    init(_ fields: inout FieldReader) throws(WireError) {
        let codec = try fields.need("codec", fields.word("codec", as: Codec.self))
        let rate = try fields.need("sample_rate", fields.whole("sample_rate", in: Self.sampleRates))
        if codec == .opus, !Self.opusSampleRates.contains(rate) {
            throw .outOfRange(field: "sample_rate", allowed: "8000, 12000, 16000, 24000 or 48000 with opus")
        }
        let channels = try fields.whole("channels", in: Self.channelCounts) ?? 1
        self.init(codec: codec, sampleRate: rate, channelCount: channels)
    }

    var fields: [String: JSONValue] {
        [
            "codec": .string(codec.rawValue), "sample_rate": .integer(sampleRate),
            "channels": .integer(channelCount),
        ]
    }
}

extension VoiceDetectionSettings {
    /// Reads `vad`; nil where it is absent.
    init?(_ fields: inout FieldReader) throws(WireError) {
        guard var inner = try fields.object("vad") else { return nil }
        self.init(
            threshold: try inner.number("threshold", in: 0...1),
            minimumSpeech: try inner.milliseconds("min_speech_ms", upTo: 2_000),
            silence: try inner.milliseconds("silence_ms", upTo: 5_000),
            longest: try inner.milliseconds("longest_ms", upTo: 50_000),
            pad: try inner.milliseconds("pad_ms", upTo: 3_000))
        try inner.end()
    }

    /// Nil where everything is as usual.
    var json: JSONValue? {
        var members: JSONObject = [:]
        members["threshold"] = threshold.map(JSONValue.double)
        members["min_speech_ms"] = minimumSpeech.map(JSONValue.milliseconds)
        members["longest_ms"] = longest.map(JSONValue.milliseconds)
        members["silence_ms"] = silence.map(JSONValue.milliseconds)
        members["pad_ms"] = pad.map(JSONValue.milliseconds)
        return members.isEmpty ? nil : .object(members)
    }
}

extension RecognitionSettings {
    /// Reads `stt`; nil where it is absent.
    init?(_ fields: inout FieldReader) throws(WireError) {
        guard var inner = try fields.object("stt") else { return nil }
        let wake = try inner.text("wake", limit: 128)
        if let wake, wake.contains(where: { "[](){}|".contains($0) }) || !wake.contains(where: \.isLetter) {
            throw .outOfRange(field: "stt.wake", allowed: "words, without brackets")
        }
        self.init(
            engine: try inner.text("engine", limit: 64), language: try inner.text("language", limit: 64),
            partials: try inner.flag("partials"), revise: try inner.flag("revise"),
            patience: try inner.milliseconds("patience_ms", upTo: 3_600_000), wake: wake,
            reviser: try inner.text("revise_by", limit: 64), punctuate: try inner.flag("punctuate"),
            keywords: try Self.keywords(&inner), isSpare: try inner.flag("spare"))
        try inner.end()
    }

    private static func keywords(_ inner: inout FieldReader) throws(WireError) -> [String]? {
        let keywords = try inner.texts("keywords")
        guard keywords?.allSatisfy({ $0.count <= 128 && $0.contains(where: \.isLetter) }) ?? true else {
            throw .outOfRange(field: "stt.keywords", allowed: "up to 64 phrases of words")
        }
        return keywords
    }

    /// Nil where everything is as usual.
    var json: JSONValue? {
        var members: JSONObject = [:]
        members["punctuate"] = punctuate.map(JSONValue.bool)
        members["keywords"] = keywords.map { .array($0.map(JSONValue.string)) }
        members["engine"] = engine.map(JSONValue.string)
        members["language"] = language.map(JSONValue.string)
        members["partials"] = partials.map(JSONValue.bool)
        members["revise"] = revise.map(JSONValue.bool)
        members["patience_ms"] = patience.map(JSONValue.milliseconds)
        members["wake"] = wake.map(JSONValue.string)
        members["revise_by"] = reviser.map(JSONValue.string)
        members["spare"] = isSpare.map(JSONValue.bool)
        return members.isEmpty ? nil : .object(members)
    }
}
