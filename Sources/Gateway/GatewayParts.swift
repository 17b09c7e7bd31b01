package import Flow
package import Hearing
package import Net
package import Speaking
package import VoiceCore

/// What the doors of the server lead to.
package struct GatewayParts: Sendable {
    /// Where jobs go.
    package let dispatcher: Dispatcher
    /// Whose places there are.
    package let sessions: SessionRegistry
    /// What happened and happens.
    package let events: Broadcast<Event>
    /// Who is being told.
    package let readers: EventReaders
    /// What was said.
    package let journal: any JobArchive
    /// Where audio comes in; nil for a server that does not hear.
    package let hearing: SourceDirectory?
    /// What reads recordings for callers; nil for a server that does not hear.
    package let desk: RecordingDesk?
    /// What was heard and kept.
    package let notebook: any Notebook
    /// What of it was taken back.
    package let forgotten: ForgottenSpeech
    /// The audio of drafts.
    package let recordings: any RecordingShelf
    /// What fetches models; nil for a server that does not.
    package let models: (any ModelPuller)?
    /// What speaks.
    package let engines: any EngineCatalogue
    /// Speaks for those who want the samples themselves.
    let speech: CallerSpeech
    /// Who may come in.
    package let access: AccessTable
    /// How often somebody may come in.
    package let turnstile: Turnstile
    /// What the server tells of itself.
    package let server: ServerFacts
    /// What the sockets did.
    package let net: NetCounters
    /// What came through the door.
    package let counters = GatewayCounters()
    /// The doors for clients of other systems that are open.
    package let doors = DoorBoard()

    package init(
        dispatcher: Dispatcher, sessions: SessionRegistry, events: Broadcast<Event>, engines: any EngineCatalogue,
        journal: any JobArchive = NoJournal(), notebook: any Notebook = NoNotebook(),
        forgotten: ForgottenSpeech = ForgottenSpeech(),
        recordings: any RecordingShelf = NoRecordings(), hearing: SourceDirectory? = nil, desk: RecordingDesk? = nil,
        models: (any ModelPuller)? = nil, access: AccessTable,
        rates: Rates = Rates(), server: ServerFacts, net: NetCounters = NetCounters()
    ) {
        self.dispatcher = dispatcher
        self.sessions = sessions
        self.events = events
        readers = EventReaders(events: events, timeline: server.timeline)
        self.models = models
        self.engines = engines
        speech = CallerSpeech(
            engines: engines, pronunciations: dispatcher.pronunciations,
            loudness: dispatcher.loudness)
        self.journal = journal
        self.notebook = notebook
        self.forgotten = forgotten
        self.recordings = recordings
        self.hearing = hearing
        self.desk = desk
        self.access = access
        turnstile = Turnstile(rates: rates, timeline: server.timeline)
        self.server = server
        self.net = net
    }
}

/// What the server tells of itself, and how it is told to stop.
package struct ServerFacts: Sendable {
    /// Such as `0.1.0`.
    package let version: String
    /// By the wall clock.
    package let startedAt: WallTime
    /// What waits are measured by.
    package let timeline: Timeline
    /// Opened by `POST /v1/stop`; whoever runs the services waits for it.
    package let stop: Latch
    /// How much it takes.
    package let limits: ServerLimits
    /// Whose requests for `/metrics` need no token.
    package let metricsNetworks: [IPNetwork]
    /// How it stands to its configuration file.
    package let configuration: Monitor<ConfigurationState>
    /// How it stands to its file of commands; nil for a server that listens for none.
    package let commands: Monitor<CommandsState>?
    private let start: Duration

    package init(
        version: String, timeline: Timeline, stop: Latch, limits: ServerLimits = ServerLimits(),
        metricsNetworks: [IPNetwork] = [],
        configuration: Monitor<ConfigurationState> = Monitor(ConfigurationState()),
        commands: Monitor<CommandsState>? = nil
    ) {
        self.version = version
        self.timeline = timeline
        self.stop = stop
        self.limits = limits
        self.metricsNetworks = metricsNetworks
        self.configuration = configuration
        self.commands = commands
        startedAt = .now()
        start = timeline.now
    }

    /// Since the start.
    package func uptime() -> Duration { timeline.now - start }
}
