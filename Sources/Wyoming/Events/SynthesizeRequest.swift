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
    /// A factor of the voice's base frequency, 0.25 to 4; our own addition.
    package var pitch: Double?
    /// How words are to be pronounced; our own addition.
    package var phonemes: [SpokenPhonemes]

    package init(
        text: String, voice: String? = nil, language: String? = nil, speed: Double? = nil, pitch: Double? = nil,
        phonemes: [SpokenPhonemes] = []
    ) {
        self.text = text
        self.voice = voice
        self.language = language
        self.speed = speed
        self.pitch = pitch
        self.phonemes = phonemes
    }

    init(_ data: JSONObject) throws(EventError) {
        guard let text = data["text"]?.text else { throw .invalidData }
        self.text = text
        let wanted = data["voice"]?.members ?? [:]
        voice = wanted["name"]?.text
        language = wanted["language"]?.text
        speed = data["speed"]?.number
        pitch = data["pitch"]?.number
        phonemes = data["phonemes"]?.elements?.compactMap { $0.members.flatMap(SpokenPhonemes.init) } ?? []
    }

    var data: JSONObject {
        let wanted = JSONObject(present: [
            "name": voice.map(JSONValue.string), "language": language.map(JSONValue.string),
        ])
        return JSONObject(present: [
            "text": .string(text), "voice": wanted.isEmpty ? nil : .object(wanted),
            "speed": speed.map(JSONValue.double), "pitch": pitch.map(JSONValue.double),
            "phonemes": phonemes.isEmpty ? nil : .array(phonemes.map { .object($0.data) }),
        ])
    }
}

/// How a stretch of a request's text is to be pronounced.
package struct SpokenPhonemes: Hashable, Sendable {
    /// Unicode scalars before the stretch.
    package var characterIndex: Int
    /// Unicode scalars of the stretch.
    package var characterCount: Int
    /// In the International Phonetic Alphabet.
    package var ipa: String

    package init(characterIndex: Int, characterCount: Int, ipa: String) {
        self.characterIndex = characterIndex
        self.characterCount = characterCount
        self.ipa = ipa
    }

    init?(_ data: JSONObject) {
        guard let index = data["char_index"]?.whole, let count = data["char_length"]?.whole,
            let ipa = data["ipa"]?.text,
            index >= 0, count > 0, count <= Int.max - index
        else { return nil }
        self.init(characterIndex: index, characterCount: count, ipa: ipa)
    }

    var data: JSONObject {
        ["char_index": .integer(characterIndex), "char_length": .integer(characterCount), "ipa": .string(ipa)]
    }
}
