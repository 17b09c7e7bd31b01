package import VoiceCore
package import JSON

/// A session to make, or to find if its id lives; also the body of `POST /v1/sessions`.
package struct WireSessionRequest: Hashable, Sendable {
    /// Nil for a new one with a name of the server's own.
    package var id: SessionID?
    package var name: String?
    /// The voice of requests that name none.
    package var voice: String?
    /// Whether what is said in it may be kept; nil for yes.
    package var isStored: Bool?

    package init(id: SessionID? = nil, name: String? = nil, voice: String? = nil, isStored: Bool? = nil) {
        self.isStored = isStored
        self.id = id
        self.name = name
        self.voice = voice
    }

    /// Reads the body of a request.
    package init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        try self.init(&fields)
        try fields.end()
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        id = try fields.id("session_id")
        name = try fields.text("name")
        voice = try fields.text("voice")
        isStored = try fields.flag("store")
    }

    /// The members of the message.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        fields["session_id"] = id.map { .string($0.rawValue) }
        fields["name"] = name.map(JSONValue.string)
        fields["voice"] = voice.map(JSONValue.string)
        fields["store"] = isStored.map(JSONValue.bool)
        return fields
    }
}
