import Devices
import Gateway
import Sound
import VoiceCore
import Wire

/// What `hearsay play` was asked to do.
struct PlayOptions: Sendable {
    /// A file that stands for a loudspeaker.
    struct Target: Hashable, Sendable {
        var path: String
        var format: SoundFileFormat
    }

    var scope: ListenerScope?
    /// Nil for the default device; never empty.
    var speakers: [String?]
    var target: Target?
    var trim: ListenerTrim
    var quiet: QuietHours?
    var wantsOpus: Bool
    var notifies: Bool

    init(_ arguments: ParsedArguments) throws(UsageError) {
        try Self.refuseConflicts(arguments)
        scope = arguments.has("everyone") ? .everyone : arguments.string("session").map { .session(SessionID($0)) }
        speakers = arguments.has("speaker") ? arguments.strings("speaker") : [nil]
        target = try arguments.string("output").map(Self.target)
        trim = try Self.trim(arguments)
        quiet = try arguments.quietHours("quiet")
        wantsOpus = arguments.has("opus")
        notifies = arguments.has("notify")
    }

    /// What the server is asked for.
    func request(device: String?) -> ListenerOpenCommand {
        var request = ListenerOpenCommand(kind: target == nil ? "play" : "file")
        request.scope = scope
        request.device = device ?? HostCheck.machineName() ?? "another machine"
        request.startLatency = target == nil ? Self.description.startLatency : .milliseconds(100)
        request.codecs = wantsOpus ? [.opus, .pcm] : [.pcm]
        request.trim = ListenerTrimFields(trim)
        return request
    }

    /// What a speaker is called on this side; the server gives it a name of its own.
    static var description: ListenerDescription {
        var description = LocalSpeaker.defaultDescription
        description.kind = "play"
        return description
    }

    private static func refuseConflicts(_ arguments: ParsedArguments) throws(UsageError) {
        for (one, other) in [("session", "everyone"), ("output", "speaker"), ("output", "volume")]
        where arguments.has(one) && arguments.has(other) {
            throw .conflict("--\(one)", "--\(other)")
        }
    }

    private static func target(_ path: String) throws(UsageError) -> Target {
        let formats: [String: SoundFileFormat] = [
            "wav": .wav, "opus": .opus, "ogg": .opus, "mp3": .mp3, "flac": .flac,
        ]
        let parts = path.split(separator: ".", omittingEmptySubsequences: false)
        let ending = path == "-" ? "wav" : parts.count > 1 ? parts.last?.lowercased() ?? "" : ""
        guard let format = formats[ending] else {
            throw .badValue(
                option: "--output", value: path, expected: "a file that ends in .wav, .opus, .mp3 or .flac, or -")
        }
        return Target(path: path, format: format)
    }

    private static func trim(_ arguments: ParsedArguments) throws(UsageError) -> ListenerTrim {
        var trim = ListenerTrim()
        trim.volume = try arguments.number("volume", in: ListenerTrim.volumes) ?? trim.volume
        trim.delay = try arguments.delay("delay") ?? trim.delay
        trim.mutedVoices = Set(arguments.strings("mute-voice"))
        trim.mutedSessions = Set(arguments.strings("mute-session").map { SessionID($0) })
        return trim
    }
}

extension ParsedArguments {
    /// How much later a loudspeaker begins than others.
    func delay(_ name: String) throws(UsageError) -> Duration? {
        guard let delay = try duration(name) else { return nil }
        guard delay <= ListenerTrim.longestDelay else {
            throw .badValue(option: "--\(name)", value: string(name) ?? "", expected: "a time of at most 500ms")
        }
        return delay
    }

    /// Hours such as `22:00-07:00`.
    func quietHours(_ name: String) throws(UsageError) -> QuietHours? {
        guard let text = string(name) else { return nil }
        guard let hours = QuietHours(text) else {
            throw .badValue(option: "--\(name)", value: text, expected: "two times of the day, such as 22:00-07:00")
        }
        return hours
    }
}
