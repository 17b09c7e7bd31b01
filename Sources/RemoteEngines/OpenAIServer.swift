import JSON
import Net
import Sound
import VoiceCore
import Wire

/// A server with OpenAI's interface for speech, whoever made it.
struct OpenAIServer: SpeechServer {
    let client: HTTPClient
    let key: EngineKey?
    private let model: String

    /// OpenAI: `pcm` is 16-bit mono at 24 kHz, without a header.
    let format = AudioFormat(sampleRate: 24_000)
    /// OpenAI: `speed` from 0.25 to 4.
    let skills = SpeechSkills(speeds: 0.25...4, shiftsPitch: false)
    let keyFields: HTTPFields = [:]
    let voicesTarget = "/audio/voices"

    init(_ base: URLParts, model: String?, key: EngineKey?) {
        client = HTTPClient(base: base, bearer: key?.revealed())
        self.key = key
        self.model = model ?? "tts-1"
    }

    func speech(_ clause: Clause, voice: String) -> SpeechQuestion {
        var members: [String: JSONValue] = [
            "model": .string(model), "input": .string(clause.text), "voice": .string(voice), "response_format": "pcm",
        ]
        // Some models refuse the member.
        if clause.speed != 1 { members["speed"] = .double(clause.speed) }
        return SpeechQuestion(target: "/audio/speech", body: JSONText.bytes(JSONValue.object(members)))
    }

    /// `{"voices":[{"id":…}]}` or `{"voices":["…"]}`; a bare list too.
    func voices(_ body: [UInt8], engine: String) -> [Voice]? {
        guard let value = try? JSONText.value(JSONValue.self, of: body),
            let entries = value["voices"]?.elements ?? value["data"]?.elements ?? value.elements
        else { return nil }
        return entries.compactMap { entry in
            guard let id = entry.text ?? entry["id"]?.text ?? entry["voice_id"]?.text ?? entry["name"]?.text,
                !id.isEmpty
            else { return nil }
            return Voice(
                id: id, engine: engine, name: entry["name"]?.text ?? id,
                language: (entry["language"]?.text ?? "und").replacing("_", with: "-"),
                gender: entry["gender"]?.text.flatMap { Voice.Gender(rawValue: $0.lowercased()) },
                sampleRate: format.sampleRate)
        }
    }
}
