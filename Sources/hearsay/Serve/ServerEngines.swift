import Engines
import Flow
import Hearing
import Models
import RemoteEngines
import VoiceCore

/// The engines of a server, with the folder in which their sockets lie.
final class ServerEngines: Service {
    let roster: EngineRoster
    private let events: Broadcast<Event>
    let sockets: SocketFolder
    private let models: ModelKeeper
    /// Those that hear.
    let transcribers: TranscriberRoster
    let helpers = HearingHelpers()
    let fetcher: ModelFetcher

    /// - Throws: `Failure` when an engine's program is missing, or its folder cannot be made.
    init(_ options: ServeOptions, events: Broadcast<Event>, log: Log) throws {
        self.events = events
        guard let flite = Installation.path(ofWorker: "hearsay-flite") else {
            throw ServeAnnouncement.missingWorker("hearsay-flite")
        }
        let sockets = try SocketFolder(in: options.dataFolder)
        self.sockets = sockets
        var pool = PoolOptions()
        pool.idleLimit = options.engineIdle
        let espeak = Installation.path(ofWorker: "hearsay-espeak").map {
            WyomingEngine.espeak(
                executable: $0, directory: sockets.path, options: pool, log: log.labelled("engine.espeak"))
        }
        let tone = options.hasToneEngine ? ToneEngine() : nil
        let voices = WyomingEngine.fliteVoices.map(\.id)
        let store = ModelStore(dataFolder: options.dataFolder)
        let modelVoices = store.installed().flatMap(\.voices).map(\.id)
        // What espeak and engines elsewhere speak is known only when they run.
        if let voice = options.voice, espeak == nil, options.remoteEngines.isEmpty,
            !(voices + modelVoices + (tone == nil ? [] : ToneEngine.voiceIDs)).contains(voice)
        {
            throw Failure(
                exitCode: .usage, code: "unknown_voice", message: "no engine here has the voice \(voice)",
                advice: ["The voices are \(voices.joined(separator: ", ")); choose one of them with --voice."])
        }
        let engines: [(any Engine)?] = [
            WyomingEngine.flite(
                executable: flite, directory: sockets.path, options: pool, log: log.labelled("engine.flite")),
            espeak, tone,
        ]
        let remote = options.remoteEngines.map { Self.remote($0, silence: options.engineSilence, log) }
        roster = EngineRoster(
            engines.compactMap { $0 } + remote, defaultVoice: options.voice ?? Self.usualVoice)
        let catalogue = options.catalogue
        transcribers = TranscriberRoster(
            usual: options.usualRecogniser, reviser: options.reviser,
            reserved: Self.taken.union(options.recognisers.map(\.name)))
        models = ModelKeeper(
            store, options.models, roster: roster, transcribers: transcribers, helpers: helpers,
            socketFolder: sockets.path,
            catalogue: catalogue, log: log.labelled("models"))
        try Self.check(options.reviser, options.recognisers, transcribers)
        fetcher = ModelFetcher(store, catalogue, events: events, log: log.labelled("models"))
    }

    /// Refuses the name of a second reader that nobody has.
    private static func check(
        _ reviser: String?, _ elsewhere: [RecogniserOption], _ transcribers: TranscriberRoster
    ) throws(Failure) {
        guard let reviser, reviser != "pocketsphinx", !elsewhere.contains(where: { $0.name == reviser }),
            transcribers.transcriber(named: reviser) == nil
        else { return }
        throw Failure(
            exitCode: .usage, code: "unknown_recogniser", message: "there is no recogniser \(reviser)",
            advice: ["--revise-by names a --recogniser, an installed model (`hearsay engines`), or pocketsphinx."])
    }

    /// Speaks with that voice where none is named; nil for the usual one.
    func useVoice(_ voice: String?) { roster.replace(defaultVoice: voice ?? Self.usualVoice) }

    /// Names of engines that are no models.
    private static let taken: Set = [
        "flite", "espeak", "tone", "pocketsphinx", "silero", "energy", RecognitionSettings.noEngine,
    ]

    private static var usualVoice: String { WyomingEngine.fliteVoices.first?.id ?? "slt" }

    private static func remote(_ option: RemoteEngineOption, silence: Duration?, _ log: Log) -> any Engine {
        let limits = RemoteLimits(silence: silence)
        let log = log.labelled("engine.\(option.name)")
        if option.key != nil, option.source.isReadable {
            log.warning("remote.key_in_clear", ["engine": option.name, "better": "https"])
        }
        if case .wyoming(let host, let port) = option.source {
            return PacedEngine(
                WyomingEngine.elsewhere(
                    name: option.name, host: host, port: port, silenceLimit: limits.silence, log: log))
        }
        let engine = option.source.engine(
            name: option.name, key: option.key, voices: option.voices, limits: limits, log: log)
        guard let engine else { preconditionFailure("every source that is not Wyoming makes an engine") }
        return engine
    }

    /// Runs the engines and tells every change of theirs as an event.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [roster] in try await roster.run() }
            group.addTask { [models] in try await models.run() }
            group.addTask { [fetcher] in try await fetcher.run() }
            group.addTask { [roster, events] in
                var changes = roster.changes.cursor(after: 0)
                while let item = await changes.next() {
                    if case .fact(_, let state) = item { events.publish(event: Event(.engineChanged(state))) }
                }
            }
            try await group.waitForAll()
        }
    }
}
