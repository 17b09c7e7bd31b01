import JSON

/// Asks for one text to be spoken.
package struct SynthesizeRequest: Hashable, Sendable {
    package var text: String
    /// The voice's name; nil leaves the choice to `language`, else to the engine.
    package var voice: String?
    /// BCP 47.
    package var language: String?
    /// How much faster than normal, 0.25 to 4; our own addition, other engines ignore it.
    package var speed: Double?

    package init(text: String, voice: String? = nil, language: String? = nil, speed: Double? = nil) {
        self.text = text
        self.voice = voice
        self.language = language
        self.speed = speed
    }

    init(_ data: JSONObject) throws(EventError) {
        guard let text = data["text"]?.text else { throw .invalidData }
        self.text = text
        let wanted = data["voice"]?.members ?? [:]
        voice = wanted["name"]?.text
        language = wanted["language"]?.text
        speed = data["speed"]?.number
    }

    var data: JSONObject {
        let wanted = JSONObject(present: [
            "name": voice.map(JSONValue.string), "language": language.map(JSONValue.string),
        ])
        return JSONObject(present: [
            "text": .string(text), "voice": wanted.isEmpty ? nil : .object(wanted),
            "speed": speed.map(JSONValue.double),
        ])
    }
}
