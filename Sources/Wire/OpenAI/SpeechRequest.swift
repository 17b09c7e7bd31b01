import JSON

/// The body of `POST /v1/audio/speech`, as OpenAI's clients send it; members they add of their own are passed over.
package struct SpeechRequest: Hashable, Sendable {
    /// How the answer travels.
    package enum StreamFormat: String, CaseIterable, Hashable, Sendable {
        /// The bytes of the sound, as they are made.
        case audio
        /// Server-Sent Events with the bytes as base64.
        case sse
    }

    /// OpenAI's own limit is 4,096 characters; ours is that of any text.
    package static let byteLimit = 65_536

    package var model: String
    package var input: String
    package var voice: String
    /// Such as `mp3`, in lower case.
    package var responseFormat: String
    /// 0.25 to 4.
    package var speed: Double
    package var streamFormat: StreamFormat

    /// - Parameter usualFormat: Taken where none is named.
    package init(_ bytes: [UInt8], usualFormat: String = "mp3") throws(WireError) {
        let body = try JSONText.value(JSONValue.self, of: bytes)
        guard let members = body.members else { throw .wrongType(field: "", wanted: "an object") }
        model = try Self.text(members, "model") ?? ""
        guard let input = try Self.text(members, "input") else { throw .missingField("input") }
        self.input = input
        guard let voice = try Self.voice(members) else { throw .missingField("voice") }
        self.voice = voice
        responseFormat = try Self.text(members, "response_format")?.lowercased() ?? usualFormat
        speed = try Self.speed(members)
        let word = try Self.text(members, "stream_format") ?? "audio"
        guard let format = StreamFormat(rawValue: word) else {
            throw .outOfRange(field: "stream_format", allowed: "audio or sse")
        }
        streamFormat = format
    }

    /// A name, or an object with an `id`.
    private static func voice(_ members: JSONObject) throws(WireError) -> String? {
        if case .object(let voice) = members["voice"] { return try text(voice, "id") }
        return try text(members, "voice")
    }

    private static func speed(_ members: JSONObject) throws(WireError) -> Double {
        guard let value = members["speed"], value != .null else { return 1 }
        guard let speed = value.number else { throw .wrongType(field: "speed", wanted: "a number") }
        guard (0.25...4).contains(speed) else { throw .outOfRange(field: "speed", allowed: "0.25 to 4") }
        return speed
    }

    private static func text(_ members: JSONObject, _ name: String) throws(WireError) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let text = value.text else { throw .wrongType(field: name, wanted: "a string") }
        return text
    }
}
