import Gateway
import Glibc
import Models
import Net
import Store
import VoiceCore
import Webhooks

/// What `hearsay serve` was asked to do.
struct ServeOptions: Hashable, Sendable {
    /// PROTOCOL.md: the port of Hearsay.
    static let defaultAddress = SocketAddress(host: "127.0.0.1", port: 7780)

    var addresses: [SocketAddress]
    /// Where clients of other systems are answered in their dialect.
    var aliases: [Alias]
    /// The folder of PAI's own files; nil for none.
    var paiFolder: String?
    /// Whether PAI's notifications are shown on this machine's desktop too.
    var showsPAINotifications: Bool
    var security: ServeSecurity
    var dataFolder: String
    /// The voice of requests that name none; nil for the first one there is.
    var voice: String?
    /// The file of the pronunciation dictionary, which need not exist.
    var pronunciations: String
    /// The URL by which others reach the server, without a slash at the end.
    var publicURL: String?
    var allowedOrigins: [WebOrigin]
    /// Proxies whose word counts about where a request came from.
    var trustedProxies: [IPNetwork]
    /// How many requests and commands may come.
    var rates: Rates
    /// Names that may stand in `Host`, besides those of this machine.
    var hosts: [String]
    var speaker: Speaker
    /// How loud and how late that loudspeaker is.
    var speakerTrim: ListenerTrim
    /// The hours in which it is not to sound.
    var speakerQuiet: QuietHours?
    /// How much of the past is kept.
    var retention: JournalRetention
    /// How much of what was heard is kept.
    var speechRetention: JournalRetention
    /// The file of commands that are listened for, which need not exist.
    var commands: String
    /// Where events are posted to.
    var webhooks: [Webhook]
    /// Whose turn is next, until somebody changes it.
    var policy: TurnPolicy
    /// Whether jobs that an earlier server accepted and did not begin are spoken.
    var resumesQueue: Bool
    /// Engines that others run, in the order in which they were named.
    var remoteEngines: [RemoteEngineOption]
    /// Recognisers that others run; the first one is asked where none is named.
    var recognisers: [RecogniserOption]
    /// The recogniser that is asked where none is named; nil for the first.
    var usualRecogniser: String?
    /// The recogniser that reads everything a second time, as soon as it is there; nil for the one that read it first.
    var reviser: String?
    /// How long such an engine may send nothing; nil for the usual limit.
    var engineSilence: Duration?
    /// After how long without work flite and espeak leave the memory; nil for never.
    var engineIdle: Duration?
    /// How neural models are run.
    var models: ModelOptions
    /// The models that may be fetched through the server.
    var catalogue: ModelCatalogue
    /// Whether the engine whose samples anybody can compute is there too.
    var hasToneEngine: Bool
    /// Whether the WebSocket `/debug/echo` is there too.
    var hasDebugEcho: Bool
    /// How much the server takes.
    var limits: ServerLimits
    /// Who may read `/metrics` without a token.
    var metricsNetworks: [IPNetwork]

    /// The server's own loudspeaker.
    enum Speaker: Hashable, Sendable {
        case automatic
        case named(String)
        case none
    }

    init(_ settings: Settings) throws(UsageError) {
        let arguments = settings.arguments
        addresses = try Self.addresses(arguments)
        aliases = try AliasOptions.read(settings)
        paiFolder = arguments.string("pai-dir").map(Self.withoutSlash)
        showsPAINotifications = arguments.has("pai-notify")
        security = try ServeSecurity(arguments)
        dataFolder = Self.withoutSlash(settings.dataFolder.path)
        voice = settings.voice
        pronunciations =
            try Self.file(arguments, "pronunciations") ?? paiFolder.flatMap { PAIFolder(path: $0).pronunciations }
            ?? dataFolder + "/" + PronunciationKeeper.fileName
        publicURL = arguments.string("public-url").map(Self.withoutSlash)
        allowedOrigins = try Self.values(arguments, "allow-origin", "one page's origin, such as https://example.org") {
            WebOrigin($0)
        }
        trustedProxies = try Self.values(arguments, "trust-proxy", "an address such as 127.0.0.1 or 10.0.0.0/8") {
            IPNetwork($0)
        }
        rates = try Self.rates(arguments)
        hosts = arguments.strings("host")
        speaker = try Self.speaker(arguments)
        speakerTrim = try Self.speakerTrim(arguments)
        speakerQuiet = try arguments.quietHours("speaker-quiet")
        retention = try Self.retention(arguments)
        speechRetention = JournalRetention(
            age: try Self.age(arguments, "keep-speech") ?? JournalRetention.standard.age, byteCount: retention.byteCount
        )
        if arguments.string("keep-speech") == "ever" { speechRetention.age = nil }
        commands = try Self.file(arguments, "commands") ?? dataFolder + "/" + CommandKeeper.fileName
        webhooks = try WebhookOptions.read(arguments)
        policy = try arguments.turnPolicy("queue") ?? .roundRobin
        resumesQueue = arguments.has("resume-queue")
        remoteEngines = try RemoteEngineOption.read(settings)
        recognisers = try RecogniserOption.read(settings)
        usualRecogniser = arguments.string("hear-with")
        reviser = arguments.string("revise-by")
        engineSilence = try arguments.duration("engine-timeout")
        engineIdle = try Self.idleLimit(arguments, "engine-idle")
        models = try Self.models(arguments)
        catalogue = try Self.catalogue(settings)
        hasToneEngine = arguments.has("tone")
        hasDebugEcho = arguments.has("debug-echo")
        limits = try LimitOptions.read(settings)
        metricsNetworks = try Self.values(
            arguments, "metrics-net", "a network such as 10.0.0.0/8, fd00::/8 or 192.0.2.7"
        ) {
            IPNetwork($0)
        }
    }

    /// - Returns: Nil for never.
    private static func idleLimit(_ arguments: ParsedArguments, _ name: String) throws(UsageError) -> Duration? {
        if arguments.string(name) == "ever" { return nil }
        return try arguments.duration(name) ?? .seconds(600)
    }

    private static func catalogue(_ settings: Settings) throws(UsageError) -> ModelCatalogue {
        guard let path = try file(settings.arguments, "catalog") else { return .builtIn }
        guard let text = try? SmallFile.read(path), let catalogue = try? ModelCatalogue(Array(text.utf8)) else {
            throw .badValue(option: "--catalog", value: path, expected: "a list of models as JSON")
        }
        return catalogue
    }

    private static func models(_ arguments: ParsedArguments) throws(UsageError) -> ModelOptions {
        var models = ModelOptions()
        models.idleLimit = try idleLimit(arguments, "model-idle")
        if arguments.has("model-memory") { models.memoryByteCount = try arguments.byteCount("model-memory") }
        return models
    }

    private static func addresses(_ arguments: ParsedArguments) throws(UsageError) -> [SocketAddress] {
        let texts = arguments.strings("listen")
        if texts.isEmpty { return [defaultAddress] }
        return try texts.map { text throws(UsageError) in
            do throws(AddressError) {
                return try SocketAddress.parse(text)
            } catch {
                throw .badValue(
                    option: "--listen", value: text,
                    expected: "an address and a port, such as 127.0.0.1:7780, [::1]:7780 or 0.0.0.0:7780")
            }
        }
    }

    /// Reads every value of an option.
    private static func values<Value>(
        _ arguments: ParsedArguments, _ option: String, _ expected: String, _ read: (String) -> Value?
    ) throws(UsageError) -> [Value] {
        try arguments.strings(option).map { text throws(UsageError) in
            guard let value = read(text) else {
                throw .badValue(option: "--\(option)", value: text, expected: expected)
            }
            return value
        }
    }

    private static func rates(_ arguments: ParsedArguments) throws(UsageError) -> Rates {
        var rates = Rates()
        rates.token = try arguments.rate("rate-token", or: rates.token)
        rates.admin = try arguments.rate("rate-admin", or: rates.admin)
        rates.peer = try arguments.rate("rate-peer", or: rates.peer)
        return rates
    }

    /// A file that is named must be there: a mistyped name would otherwise go unnoticed.
    private static func file(_ arguments: ParsedArguments, _ option: String) throws(UsageError) -> String? {
        guard let path = arguments.string(option) else { return nil }
        guard unsafe access(path, R_OK) == 0 else {
            throw .badValue(option: "--\(option)", value: path, expected: "a file that can be read")
        }
        return path
    }

    /// - Returns: Nil for ever, and where nothing is said.
    private static func age(_ arguments: ParsedArguments, _ option: String) throws(UsageError) -> Duration? {
        arguments.string(option) == "ever" ? nil : try arguments.duration(option)
    }

    private static func retention(_ arguments: ParsedArguments) throws(UsageError) -> JournalRetention {
        var retention = JournalRetention.standard
        if arguments.has("keep-jobs") { retention.age = try age(arguments, "keep-jobs") }
        if arguments.has("keep-jobs-size") { retention.byteCount = try arguments.byteCount("keep-jobs-size") }
        return retention
    }

    private static func speaker(_ arguments: ParsedArguments) throws(UsageError) -> Speaker {
        if arguments.has("no-speaker"), arguments.has("speaker") { throw .conflict("--speaker", "--no-speaker") }
        if arguments.has("no-speaker") { return .none }
        return arguments.string("speaker").map { .named($0) } ?? .automatic
    }

    private static func speakerTrim(_ arguments: ParsedArguments) throws(UsageError) -> ListenerTrim {
        var trim = ListenerTrim()
        trim.volume = try arguments.number("speaker-volume", in: ListenerTrim.volumes) ?? trim.volume
        trim.delay = try arguments.delay("speaker-delay") ?? trim.delay
        return trim
    }

    private static func withoutSlash(_ text: String) -> String {
        text.count > 1 && text.hasSuffix("/") ? withoutSlash(String(text.dropLast())) : text
    }
}
