import Flow
import JSON
import Net
import Sound
import VoiceCore
import Wire

/// ElevenLabs, by its streaming interface.
struct ElevenLabsServer: SpeechServer {
    let client: HTTPClient
    let key: EngineKey?
    private let model: String
    /// Their ids say nothing to people, so that voices go by their names here.
    private let ids = Monitor<[String: String]>([:])

    let format = AudioFormat(sampleRate: 24_000)
    let voicesTarget = "/v1/voices"

    /// ElevenLabs: `speed` from 0.7 to 1.2.
    let skills = SpeechSkills(speeds: 0.7...1.2, shiftsPitch: false)

    init(_ base: URLParts, model: String?, key: EngineKey?) {
        client = HTTPClient(base: base)
        self.key = key
        // Their quickest one.
        self.model = model ?? "eleven_flash_v2_5"
    }

    var keyFields: HTTPFields { key.map { ["xi-api-key": $0.revealed()] } ?? [:] }

    func speech(_ clause: Clause, voice: String) -> SpeechQuestion {
        let id = ids.withLock { $0[voice] } ?? voice
        var members: [String: JSONValue] = ["text": .string(clause.text), "model_id": .string(model)]
        if clause.speed != 1 {
            members["voice_settings"] = .object(["speed": .double(clause.speed)])
        }
        var question = SpeechQuestion(
            target: "/v1/text-to-speech/\(Self.escaped(id))/stream?output_format=pcm_24000",
            body: JSONText.bytes(JSONValue.object(members)))
        for field in keyFields.lines { question.fields.append(field.name, field.value) }
        return question
    }

    func voices(_ body: [UInt8], engine: String) -> [Voice]? {
        guard let value = try? JSONText.value(JSONValue.self, of: body), let entries = value["voices"]?.elements
        else { return nil }
        var known: [String: String] = [:]
        var voices: [Voice] = []
        for entry in entries {
            guard let id = entry["voice_id"]?.text, !id.isEmpty else { continue }
            let name = entry["name"]?.text ?? id
            var short = Self.short(name)
            if short.isEmpty || known[short] != nil { short = id }
            known[short] = id
            let labels = entry["labels"]
            voices.append(
                Voice(
                    id: short, engine: engine, name: name, language: labels?["language"]?.text ?? "und",
                    gender: labels?["gender"]?.text.flatMap { Voice.Gender(rawValue: $0.lowercased()) },
                    sampleRate: format.sampleRate, description: entry["description"]?.text))
        }
        ids.withLock { $0 = known }
        return voices
    }

    /// `rachel` for `Rachel – calm and clear`.
    private static func short(_ name: String) -> String {
        String(name.lowercased().prefix { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }

    /// What may stand in a path as it is.
    private static func escaped(_ id: String) -> String {
        id.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber || "-_".contains(character) {
                return String(character)
            }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" + digits : digits)
        }.joined()
    }
}
