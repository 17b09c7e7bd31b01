import Devices
import Engines
import Flow
import Gateway
import Glibc
import Net
import Secrets
import Speaking
import Store
import VoiceCore
import Webhooks

/// Puts the server together from its parts, tells that it listens, and runs it until a signal or `POST /v1/stop`.
///
/// - Parameters:
///   - reading: What was asked for, without mistakes.
///   - configuration: Where that is read again.
func assemble(
    _ reading: ServeConfiguration.Reading, _ configuration: ServeConfiguration, _ announcement: ServeAnnouncement
) async throws {
    SpareMemory.prepare()
    Signals.install(reloads: true)
    // What a server writes is its owner's alone, the files beside the database included.
    umask(0o077)
    do {
        let server = try await ServerAssembly(reading, configuration)
        try server.announce(announcement)
        try await server.run()
    } catch let error as StoreError {
        throw Failure(exitCode: .refused, code: error.code, message: error.description)
    } catch let error as ServerError {
        throw ServeAnnouncement.failure(error, aliases: reading.options.aliases)
    } catch let error as ServiceRunner.Overdue {
        let names = error.names.joined(separator: ", ")
        throw Failure(exitCode: .unknown, code: "not_stopped", message: "did not stop in time: \(names)")
    }
}

/// All parts of a running server, each made once, in the order in which they need each other.
struct ServerAssembly: Sendable {
    private let options: ServeOptions
    private let store: ServerStore
    private let http: HTTPServer
    /// Nil without TLS.
    private let certificate: ServerCertificate?
    private let stop: Latch
    private let doors: DoorBoard
    private let log = Log(label: "server")
    private let services: [(name: String, service: any Service)]

    init(_ reading: ServeConfiguration.Reading, _ configuration: ServeConfiguration) async throws {
        let options = reading.options
        self.options = options
        let timeline = Timeline.live()
        stop = Latch()
        store = try await ServerStore(options, timeline: timeline, log: log)
        let limits = DescriptorBudget.raised().applied(to: options.limits, log)
        let sessions = SessionRegistry(
            events: store.events, timeline: timeline, unkept: store.unkept, shelf: store.sessions)
        await sessions.restore(store.earlierSessions)
        let engines = try ServerEngines(options, events: store.events, log: log)
        let pronunciations = PronunciationKeeper(
            path: options.pronunciations, timeline: timeline, log: log.labelled("text"))
        pronunciations.look()
        let dispatcher = Dispatcher(
            .init(
                engines: engines.roster, sessions: sessions, events: store.events, journal: store.journal,
                timeline: timeline, log: log.labelled("speaking"), pronunciations: pronunciations.shelf,
                limits: limits.speaking, policy: options.policy))
        let drafts = ServerDrafts(options, store, sessions: sessions, timeline: timeline, log: log)
        let hearing = ServerHearing(
            engines, options, sessions: sessions, events: store.events, marks: store.marks, limits: limits,
            forgotten: store.forgotten, drafts: drafts, timeline: timeline, log: log.labelled("hearing"))
        let facts = ServerFacts(
            version: Hearsay.version, timeline: timeline, stop: stop, limits: limits,
            metricsNetworks: options.metricsNetworks,
            configuration: Monitor(ConfigurationState(file: configuration.absolutePath)),
            commands: drafts.commands.state)
        let counters = NetCounters()
        let parts = GatewayParts(
            dispatcher: dispatcher, sessions: sessions, events: store.events, engines: engines.roster,
            journal: store.journal, notebook: store.notebook, forgotten: store.forgotten, recordings: store.recorder,
            hearing: hearing.directory,
            desk: hearing.desk, models: engines.fetcher, access: store.access, rates: options.rates, server: facts,
            net: counters)
        let isSecure =
            options.addresses.contains { options.security.covers($0) }
            || options.aliases.contains { options.security.covers($0) }
        let certificate = isSecure ? try ServerCertificate(options, in: store.folder) : nil
        self.certificate = certificate
        let pai = PAIFolderKeeper(options.paiFolder, timeline: timeline, log: log.labelled("pai"))
        pai.look(pronunciations.shelf)
        let notifier = options.showsPAINotifications ? Self.notifier(log.labelled("pai")) : nil
        let workshop = DoorWorkshop(paiFiles: pai.shelf, show: notifier?.display, timeline: timeline)
        doors = parts.doors
        let gateway = Self.gateway(parts, options, workshop, log)
        http = try HTTPServer(
            options: Self.net(options, limits, certificate), handler: gateway,
            log: log.labelled("net"), counters: counters)
        for name in Set(options.aliases.map(\.name)) { try await sessions.keep(name.session, isLocal: true) }
        // The addresses are bound, and nobody is answered yet.
        await dispatcher.takeOver(store.unfinished, isResuming: options.resumesQueue)
        await store.journal.flush()
        let reload = ServeReload(
            configuration: configuration,
            parts: LiveParts(
                gateway: gateway, turnstile: parts.turnstile, engines: engines, journal: store.journal,
                notebook: store.notebook, dispatcher: dispatcher),
            state: parts.server.configuration, events: store.events, timeline: timeline,
            log: log.labelled("configuration"), start: reading)
        // They stop from the last to the first: what is being said is understood and what sounds ends while everybody is
        // still connected, and those who follow events read the last ones before their connections close.
        services =
            [("memory", SpareMemory(timeline: timeline)), ("events", store.sequence), ("journal", store.journal)]
            + [
                ("notebook", store.notebook), ("marks", store.marks), ("kept sessions", store.sessions),
                ("sessions", sessions),
                ("pronunciations", pronunciations),
            ]
            + [("pai", pai.service(with: pronunciations.shelf))]
            + (notifier.map { [("notifications", $0 as any Service)] } ?? [])
            + [("engines", engines), ("recognisers", hearing), ("configuration", reload)]
            + Self.watch(certificate, timeline, log) + Self.speaker(options, dispatcher, log)
            + [("http", http), ("doors", workshop), ("readers", parts.readers), ("speaking", dispatcher)]
            + [
                (
                    "webhooks",
                    WebhookSender(
                        options.webhooks, events: store.events, timeline: timeline, log: log.labelled("webhooks"))
                )
            ]
            + [("commands", drafts.commands), ("drafts", drafts.scribe), ("sources", hearing.directory)]
    }

    /// Tells people where it answers, and programs of this machine by a file in the data folder.
    func announce(_ announcement: ServeAnnouncement) throws {
        let bound = http.boundAddresses
        let endpoints = bound.prefix(options.addresses.count).map { address in
            ServerURLs.Endpoint(address: address, isSecure: options.security.covers(address))
        }
        let aliases = zip(options.aliases, bound.dropFirst(options.addresses.count)).map { alias, address in
            var alias = alias
            alias.address = address
            return alias
        }
        doors.write(aliases)
        // The line that programs look for which start the queue of the Chatterbox TTS server.
        for alias in aliases where alias.name == .tts { log.info("listening on port \(alias.address.port)") }
        let urls = ServerURLs(endpoints, machine: InterfaceAddresses.preferred(), publicURL: options.publicURL)
        try store.folder.write(Array((urls.local + "\n").utf8), to: LocalFolder.urlFile)
        announcement.started(
            urls: urls.all, link: PlayerLink.text(url: urls.player, token: store.tokens.player.text),
            certificate: certificate?.certificate,
            isOpen: endpoints.contains { !$0.isSecure && !$0.address.isLoopback },
            doors: aliases.map { announced($0) })
    }

    private func announced(_ alias: Alias) -> ServeAnnouncement.Door {
        let endpoint = ServerURLs.Endpoint(address: alias.address, isSecure: options.security.covers(alias))
        let urls = ServerURLs([endpoint], machine: InterfaceAddresses.preferred(), publicURL: nil)
        let token = store.tokens.doors[alias.name.session]
        return ServeAnnouncement.Door(
            alias: alias, url: urls.all[0], link: token.map { PlayerLink.text(url: urls.player, token: $0.text) })
    }

    func run() async throws {
        try await ServiceRunner(services: services, deadline: .seconds(12)).run { [stop] in
            await withTaskGroup(of: Int32?.self) { group in
                group.addTask { await Signals.next() }
                group.addTask { await stop.wait() ? SIGTERM : nil }
                defer { group.cancelAll() }
                return await group.next() ?? nil
            }
        }
    }

    private static func net(
        _ options: ServeOptions, _ limits: ServerLimits, _ certificate: ServerCertificate?
    ) -> ServerOptions {
        var net = ServerOptions(
            endpoints: options.addresses.map { address in
                ServerOptions.Endpoint(
                    address: address, tls: options.security.covers(address) ? certificate?.tls : nil)
            }
                + options.aliases.map { alias in
                    ServerOptions.Endpoint(
                        address: alias.address, tls: options.security.covers(alias) ? certificate?.tls : nil)
                })
        net.limits = limits.network
        return net
    }

    private static func notifier(_ log: Log) -> DesktopNotifier {
        DesktopNotifier { log.warning("notifications.failed", ["problem": $0]) }
    }

    private static func watch(
        _ certificate: ServerCertificate?, _ timeline: Timeline, _ log: Log
    ) -> [(name: String, service: any Service)] {
        guard let certificate else { return [] }
        return [
            (
                "certificate",
                CertificateWatch(certificate: certificate, timeline: timeline, log: log.labelled("certificate"))
            )
        ]
    }

    private static func gateway(
        _ parts: GatewayParts, _ options: ServeOptions, _ workshop: DoorWorkshop, _ log: Log
    ) -> Gateway {
        let aliases = options.aliases.enumerated().map { (options.addresses.count + $0.offset, $0.element) }
        let sockets = SocketDoor(parts: parts, log: log.labelled("sockets"))
        return Gateway(
            parts: parts, rules: options.doorRules, hasDebugEcho: options.hasDebugEcho,
            aliases: Dictionary(uniqueKeysWithValues: aliases), workshop: workshop, log: log.labelled("gateway")
        ) { socket, request, grant in
            await sockets.serve(socket, request, grant)
        }
    }

    private static func speaker(
        _ options: ServeOptions, _ directory: any ListenerDirectory, _ log: Log
    ) -> [(name: String, service: any Service)] {
        let choice: SpeakerChoice
        switch options.speaker {
        case .none: return []
        case .automatic: choice = .automatic
        case .named(let name): choice = SpeakerChoice(name: name)
        }
        var description = LocalSpeaker.defaultDescription
        description.trim = options.speakerTrim
        let quiet = options.speakerQuiet.map { QuietListener($0, directory: directory, timeline: .live()) }
        let speaker = LocalSpeaker(
            description: description, choice: choice, directory: quiet ?? directory, log: log.labelled("speaker"))
        let watch: [(name: String, service: any Service)] = quiet.map { [("quiet hours", $0)] } ?? []
        return watch + [("speaker", speaker)]
    }
}
