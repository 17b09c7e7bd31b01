package import VoiceCore
package import JSON

/// A request to speak as it travels: the command `speak` and the body of `POST /v1/speak`.
package struct WireSpeak: Hashable, Sendable {
    /// How long a job may wait for a listener at most: a day.
    package static let expiryLimitMilliseconds = 86_400_000.0

    /// Everything but the session, which depends on the token.
    package var request: SpeakRequest
    /// Nil for the session of the token or connection.
    package var session: SessionID?
    /// The client's own word for this request; nil if a repetition is a new job.
    package var idempotencyKey: String?

    package init(_ request: SpeakRequest, session: SessionID? = nil, idempotencyKey: String? = nil) {
        self.request = request
        self.session = session
        self.idempotencyKey = idempotencyKey
    }

    /// Reads the body of a request.
    package init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        try self.init(&fields)
        try fields.end()
    }

    /// - Parameter isGrowing: Whether the text is still being written, and may be empty so far.
    init(_ fields: inout FieldReader, isGrowing: Bool = false) throws(WireError) {
        idempotencyKey = try fields.text("idempotency_key")
        guard idempotencyKey?.isEmpty != true else {
            throw .outOfRange(field: "idempotency_key", allowed: "1 to 256 bytes")
        }
        session = try fields.id("session_id")
        let text = try fields.text("text", limit: nil)
        request = SpeakRequest(
            text: try isGrowing ? text ?? "" : fields.need("text", text), session: session ?? .default)
        request.isGrowing = isGrowing
        request.voice = try fields.text("voice")
        request.language = try fields.text("language", limit: 64)
        request.speed = try fields.number("speed", in: 0.25...4) ?? 1
        request.volume = try fields.number("volume", in: 0...2) ?? 1
        request.mood = try fields.word("emotion", as: Mood.self)
        request.priority = try fields.whole("priority", in: -10...10) ?? 0
        request.delivery = try DeliveryChoice(&fields) ?? .auto
        request.isPrivate = try fields.flag("private") ?? false
        request.interruption = try fields.word("interrupt", as: InterruptionWord.self)?.value ?? .none
        request.expiresIn =
            try fields.milliseconds("expires_in_ms", upTo: Self.expiryLimitMilliseconds)
            ?? SpeakRequest.defaultExpiry
    }

    /// The request of the session that is named, else of `defaultSession`.
    package func request(defaultSession: SessionID) -> SpeakRequest {
        var request = request
        request.session = session ?? defaultSession
        return request
    }

    /// The members of the message; what has its default value is left out.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["text": .string(request.text)]
        fields["session_id"] = session.map { .string($0.rawValue) }
        fields["idempotency_key"] = idempotencyKey.map(JSONValue.string)
        fields["voice"] = request.voice.map(JSONValue.string)
        fields["language"] = request.language.map(JSONValue.string)
        if request.speed != 1 { fields["speed"] = .double(request.speed) }
        if request.volume != 1 { fields["volume"] = .double(request.volume) }
        fields["emotion"] = (request.mood?.rawValue).map(JSONValue.string)
        if request.priority != 0 { fields["priority"] = .integer(request.priority) }
        fields["deliver"] = request.delivery.json
        if request.isPrivate { fields["private"] = true }
        if request.interruption != .none { fields["interrupt"] = .string(request.interruption.rawValue) }
        if request.expiresIn != SpeakRequest.defaultExpiry {
            fields["expires_in_ms"] = .milliseconds(request.expiresIn)
        }
        return fields
    }
}

/// The words of `Interruption`, so that an error can list them.
private enum InterruptionWord: String, CaseIterable {
    case none, session, output, all

    var value: Interruption { Interruption(rawValue: rawValue) ?? .none }
}

extension DeliveryChoice {
    /// Reads `deliver`: a word, a listener's id, or a list of steps; nil if absent.
    init?(_ fields: inout FieldReader) throws(WireError) {
        guard let names = try fields.texts("deliver", limit: 16) else { return nil }
        switch names {
        case ["auto"]: self = .auto
        case ["all"]: self = .all
        case ["none"]: self = .none
        default: self = .steps(try Self.steps(names))
        }
    }

    private static func steps(_ names: [String]) throws(WireError) -> [RouteStep] {
        let isUsable = !names.isEmpty && names.allSatisfy { !["auto", "all", "none"].contains($0) }
        guard isUsable, names.allSatisfy({ ListenerID($0).isAcceptable }) else {
            throw .outOfRange(
                field: "deliver",
                allowed: "auto, all, none, or a list of session, room, any, local and listener ids")
        }
        return names.map(RouteStep.init(name:))
    }

    /// Nil for the default.
    fileprivate var json: JSONValue? {
        switch self {
        case .auto: nil
        case .all: "all"
        case .none: "none"
        case .steps(let steps): .array(steps.map { .string($0.name) })
        }
    }
}
