import JSON
import Sound
import Wire

/// The body of `POST /tts`, as clients of the Chatterbox TTS server send it; members that steer its model mean nothing here.
struct ChatterboxRequest: Hashable, Sendable {
    var text: String
    /// Without the ending of its file name; nil for the usual voice.
    var voice: String?
    var format: SoundFileFormat
    var isStreamed: Bool
    /// 0.25 to 4.
    var speed: Double
    var language: String?

    init(_ bytes: [UInt8]) throws(ErrorReply) {
        let isClone: Bool
        do throws(WireError) {
            let members = try JSONText.value(JSONValue.self, of: bytes).members
            guard let members else { throw .wrongType(field: "", wanted: "an object") }
            guard let text = try Self.text(members, "text"), !text.allSatisfy(\.isWhitespace) else {
                throw .missingField("text")
            }
            self.text = text
            voice = try Self.text(members, "predefined_voice_id").map { ChatterboxVoices.name(of: $0) }
            format = try Self.format(try Self.text(members, "output_format") ?? "wav")
            isStreamed = members["stream"] == .bool(true)
            speed = try Self.speed(members["speed_factor"])
            language = try Self.text(members, "language")
            isClone = try Self.text(members, "voice_mode") == "clone"
        } catch {
            throw ErrorReply(error)
        }
        guard !isClone else {
            throw ErrorReply(
                .notSupported, "voices are not cloned here; send voice_mode predefined", field: "voice_mode")
        }
        guard text.utf8.count <= SpeechRequest.byteLimit else {
            throw ErrorReply(.textTooLong, "the text has \(text.utf8.count) bytes", field: "text")
        }
    }

    private static func format(_ name: String) throws(WireError) -> SoundFileFormat {
        guard ["wav", "opus", "mp3"].contains(name), let format = SoundFileFormat(rawValue: name) else {
            throw .outOfRange(field: "output_format", allowed: "wav, opus or mp3")
        }
        return format
    }

    private static func speed(_ value: JSONValue?) throws(WireError) -> Double {
        guard let value, value != .null else { return 1 }
        guard let speed = value.number else { throw .wrongType(field: "speed_factor", wanted: "a number") }
        guard (0.25...4).contains(speed) else { throw .outOfRange(field: "speed_factor", allowed: "0.25 to 4") }
        return speed
    }

    /// - Returns: Nil for one that is absent or empty.
    private static func text(_ members: JSONObject, _ name: String) throws(WireError) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let text = value.text else { throw .wrongType(field: name, wanted: "a string") }
        return text.isEmpty ? nil : text
    }
}
