import JSON
import Wire

/// What a client of the queue asks for; the names of members differ between clients, so all of them are taken.
struct TTSMessage: Hashable, Sendable {
    /// What is to be done.
    enum Command: String, Hashable, Sendable {
        case speak
        case abortCurrent = "abort_current"
        case abortAll = "abort_all"
        case terminate

        fileprivate init?(name: String) {
            let name = String(name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
            switch name {
            case "say", "tts": self = .speak
            case "abort", "stop": self = .abortCurrent
            case "stop_all": self = .abortAll
            case "shutdown": self = .terminate
            default: self.init(rawValue: name)
            }
        }
    }

    /// Longer ids are no ids.
    private static let idLimit = 256

    let command: Command
    var text = ""
    /// What the client calls the job: a text or a number.
    var id: JSONValue?
    /// Whether the client wrote it as `job_id`.
    var namesJob = false
    var voice: String?
    var language: String?
    /// 0.25 to 4.
    var speed = 1.0
    /// 0 to 2.
    var volume = 1.0

    /// - Throws: Why it cannot be understood; a text alone is one to be spoken.
    init(_ bytes: [UInt8]) throws(ErrorReply) {
        guard let value = try? JSONText.value(JSONValue.self, of: bytes), let members = value.members else {
            throw ErrorReply(.invalidJSON, "a message is a JSON object")
        }
        func first(_ names: String...) -> String? { names.lazy.compactMap { members[$0]?.text }.first }
        let text = first("text", "message", "input")
        let name = first("type", "command", "action") ?? (text == nil ? "" : "speak")
        guard let command = Command(name: name) else {
            throw ErrorReply(.unknownCommand, "known are speak, abort_current, abort_all and terminate", field: "type")
        }
        self.command = command
        namesJob = members["id"] == nil && members["job_id"] != nil
        id = Self.id(members["id"] ?? members["job_id"])
        guard command == .speak else { return }
        guard let text else { throw ErrorReply(WireError.missingField("text")) }
        self.text = text
        voice = first("voice", "predefined_voice_id", "voice_id").flatMap { $0.isEmpty ? nil : $0 }
        language = first("language").flatMap { $0.isEmpty ? nil : $0 }
        speed = Self.number(members["speed"] ?? members["speed_factor"], in: 0.25...4)
        volume = Self.number(members["volume"], in: 0...2)
    }

    private static func id(_ value: JSONValue?) -> JSONValue? {
        switch value {
        case .string(let text) where !text.isEmpty && text.utf8.count <= idLimit: value
        case .integer, .double: value
        default: nil
        }
    }

    private static func number(_ value: JSONValue?, in range: ClosedRange<Double>) -> Double {
        value?.number.map { min(max($0, range.lowerBound), range.upperBound) } ?? 1
    }
}
