import JSON
import Wire

/// Why a notification was not taken, in PAI's own words.
struct PAIRefusal: Error, Hashable, Sendable {
    let message: String

    /// PAI's rule: what says “Invalid” is the client's fault.
    var status: Int { message.contains("Invalid") ? 400 : 500 }
}

/// A request to PAI's voice server: what is to be said, and how.
struct PAINotification: Hashable, Sendable {
    /// Shows a title and a text, and tells whether that was possible.
    typealias Display = @Sendable (_ title: String, _ text: String) -> Bool

    /// What a route fills in, and which members it looks at.
    struct Form: Hashable, Sendable {
        let title: String
        let message: String
        /// Whether it knows more than the message.
        var hasTitle = true
        var hasVoice = false
        /// Whether a voice may stand in `personality.base_voice`, as version 2.5 has it.
        var hasPersonality = false
        /// What is answered when it was said.
        let success: String

        static let notify = Form(
            title: "PAI Notification", message: "Task completed", hasVoice: true, success: "Notification sent")
        static let personality = Form(
            title: "PAI Notification", message: "Notification", hasTitle: false,
            hasPersonality: true, success: "Personality notification sent")
        static let assistant = Form(title: "PAI Assistant", message: "Task completed", success: "PAI notification sent")
    }

    /// Cleaned, at most 500 characters; what a desktop shows above the message.
    var title: String
    /// Cleaned, at most 500 characters.
    var message: String
    /// False for one that is only to be shown.
    var isSpoken = true
    /// An id or a name of ElevenLabs, of PAI's files, or of a voice here.
    var voice: String?
    /// 0.25 to 4; nil where the caller says nothing.
    var speed: Double?
    /// 0 to 2; nil where the caller says nothing.
    var volume: Double?
    /// Whether the caller settles how the voice sounds, so that PAI's files are not asked.
    var hasOwnSettings = false

    /// Bytes of a voice's name; ids of ElevenLabs have 20.
    private static let voiceLimit = 256

    /// A sample of a voice.
    init(sample: String, voice: String) {
        title = Form.notify.title
        message = sample
        self.voice = voice
    }

    init(_ bytes: [UInt8], as form: Form) throws(PAIRefusal) {
        guard let body = try? JSONText.value(JSONValue.self, of: bytes), let members = body.members else {
            throw PAIRefusal(message: "Invalid JSON")
        }
        title = form.hasTitle ? try Self.text(members["title"], or: form.title, "title") : form.title
        message = try Self.text(members["message"], or: form.message, "message")
        if form.hasPersonality, let name = members["personality"]?.members?["base_voice"]?.text, !name.isEmpty {
            guard name.utf8.count <= Self.voiceLimit else { throw PAIRefusal(message: "Invalid base_voice") }
            voice = name
        }
        guard form.hasVoice else { return }
        isSpoken = members["voice_enabled"] != .bool(false)
        volume = Self.number(members["volume"], in: 0...2)
        if let name = Self.given(members["voice_id"]) ?? Self.given(members["voice_name"]) {
            guard let name = name.text, name.utf8.count <= Self.voiceLimit else {
                throw PAIRefusal(message: "Invalid voice_id")
            }
            voice = name
        }
        if let settings = members["voice_settings"]?.members, !settings.isEmpty {
            hasOwnSettings = true
            speed = Self.number(settings["speed"], in: 0.25...4)
        }
    }

    private static func text(_ value: JSONValue?, or preset: String, _ name: String) throws(PAIRefusal) -> String {
        guard let value = given(value) else { return preset }
        guard let text = value.text else { throw PAIRefusal(message: "Invalid \(name): Invalid input type") }
        guard text.utf16.count <= PAIText.limit else {
            throw PAIRefusal(message: "Invalid \(name): Message too long (max \(PAIText.limit) characters)")
        }
        let cleaned = PAIText.cleaned(text)
        guard !cleaned.isEmpty else {
            throw PAIRefusal(message: "Invalid \(name): Message contains no valid content after sanitization")
        }
        return cleaned
    }

    /// What JavaScript takes for true: absent, null, false, 0 and the empty text stand for nothing given.
    private static func given(_ value: JSONValue?) -> JSONValue? {
        switch value {
        case nil, .null, .bool(false), .integer(0), .string(""): nil
        case let value: value
        }
    }

    private static func number(_ value: JSONValue?, in range: ClosedRange<Double>) -> Double? {
        value?.number.map { min(max($0, range.lowerBound), range.upperBound) }
    }
}
