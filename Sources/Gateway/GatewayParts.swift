package import Flow
package import Speaking
package import VoiceCore

/// What the doors of the server lead to.
package struct GatewayParts: Sendable {
    package let dispatcher: Dispatcher
    package let sessions: SessionRegistry
    package let events: Broadcast<Event>
    package let engines: any EngineCatalogue
    package let access: AccessTable
    package let server: ServerFacts

    package init(
        dispatcher: Dispatcher, sessions: SessionRegistry, events: Broadcast<Event>, engines: any EngineCatalogue,
        access: AccessTable, server: ServerFacts
    ) {
        self.dispatcher = dispatcher
        self.sessions = sessions
        self.events = events
        self.engines = engines
        self.access = access
        self.server = server
    }
}

/// What the server tells of itself, and how it is told to stop.
package struct ServerFacts: Sendable {
    package let version: String
    package let startedAt: WallTime
    package let timeline: Timeline
    /// Opened by `POST /v1/stop`; whoever runs the services waits for it.
    package let stop: Latch
    private let start: Duration

    package init(version: String, timeline: Timeline, stop: Latch) {
        self.version = version
        self.timeline = timeline
        self.stop = stop
        startedAt = .now()
        start = timeline.now
    }

    package func uptime() -> Duration { timeline.now - start }
}
