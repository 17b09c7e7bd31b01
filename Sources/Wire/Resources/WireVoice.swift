package import VoiceCore
package import JSON

/// A voice as lists show it.
package struct WireVoice: Hashable, Sendable {
    package var voice: Voice

    package init(_ voice: Voice) {
        self.voice = voice
    }

    /// One member for each thing that is known.
    ///
    /// `id, engine, name, language, gender?, sample_rate, installed, reason?, licence?, description?`
    package var json: JSONValue {
        var fields: [String: JSONValue] = [
            "id": .string(voice.id), "engine": .string(voice.engine), "name": .string(voice.name),
            "language": .string(voice.language), "sample_rate": .integer(voice.sampleRate),
            "installed": .bool(voice.isInstalled),
        ]
        fields["gender"] = voice.gender.map { .string($0.rawValue) }
        fields["reason"] = voice.reason.map(JSONValue.string)
        fields["licence"] = voice.licence.map(JSONValue.string)
        fields["description"] = voice.description.map(JSONValue.string)
        return .object(fields)
    }
}
