import Flow
import Gateway
import Hearing
import Net
import Secrets
import Speaking
import Testing
import VoiceCore
import VoiceTesting
import Wire
import JSON

/// A whole server on a loopback socket, whose time passes only when a test says so.
struct Stage: Sendable {
    let engine = FakeEngine()
    let transcriber = FakeTranscriber()
    let hearing: SourceDirectory
    let events: Broadcast<Event>
    let clock = ManualTimeline()
    let access: AccessTable
    let sessions: SessionRegistry
    let dispatcher: Dispatcher
    let readers: EventReaders
    private let server: HTTPServer

    /// Runs a test against a server, and stops the server after it.
    static func run(
        ringSize: Int = 10_000, rates: Rates = Rates(), limits: ServerLimits = ServerLimits(),
        _ test: @Sendable (Stage) async throws -> Void
    ) async throws {
        let stage = try Stage(ringSize: ringSize, rates: rates, limits: limits)
        let running = Monitor(3)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let services: [any Service] = [stage.server, stage.dispatcher, stage.hearing]
            for service in services {
                group.addTask {
                    defer { running.update { $0 -= 1 } }
                    try await service.run()
                }
            }
            let result: Result<Void, any Error>
            do { result = .success(try await test(stage)) } catch { result = .failure(error) }
            group.cancelAll()
            while running.withLock({ $0 > 0 }) {
                stage.clock.advance(by: .seconds(1))
                await Task.yield()
            }
            try result.get()
        }
    }

    private init(ringSize: Int, rates: Rates, limits: ServerLimits) throws {
        let log = Log(label: "test", sink: LogSink(level: .error, style: .logfmt) { _ in })
        let timeline = clock.timeline
        events = Broadcast(capacity: ringSize)
        sessions = SessionRegistry(events: events, timeline: timeline)
        access = AccessTable(
            store: MemoryTokenStore(), timeline: timeline,
            wallTime: { WallTime(milliseconds: 1_700_000_000_000) + timeline.now })
        dispatcher = Dispatcher(
            Dispatcher.Surroundings(
                engines: engine, sessions: sessions, events: events, timeline: timeline, log: log,
                limits: limits.speaking))
        hearing = SourceDirectory(
            SourcePipeline.Surroundings(
                transcribers: TranscriberRoster([transcriber]), detector: FakeDetector(), events: events,
                timeline: timeline, log: log),
            sessions: sessions, limits: limits.hearing)
        let parts = GatewayParts(
            dispatcher: dispatcher, sessions: sessions, events: events, engines: engine, hearing: hearing,
            access: access, rates: rates,
            server: ServerFacts(version: "1.2.3", timeline: timeline, stop: Latch(), limits: limits))
        readers = parts.readers
        let door = SocketDoor(parts: parts, log: log)
        let gateway = Gateway(parts: parts, pages: Pages([]), log: log) { await door.serve($0, $1, $2) }
        server = try HTTPServer(
            options: ServerOptions(addresses: [SocketAddress(host: "127.0.0.1", port: 0)]), handler: gateway, log: log)
    }

    /// A new token.
    func token(
        _ scopes: Scopes = .all, session: String? = nil, room: String? = nil, expiresIn: Duration? = nil,
        rate: Rate? = nil
    ) async throws -> (text: String, id: TokenID) {
        let grant = Grant(
            token: .random(), scopes: scopes, session: session.map { SessionID($0) }, room: room, rate: rate)
        let made = try await access.create(grant, expiresIn: expiresIn, label: "test")
        let (token, record) = try #require(made)
        return (token.text, record.grant.token)
    }

    /// A connection that has said nothing yet.
    func connect(token: String? = nil) async throws -> Client {
        let protocols = ["hearsay.v1"] + (token.map { ["bearer.\($0)"] } ?? [])
        return Client(
            try await WebSocketClient.connect(
                to: "ws://127.0.0.1:\(server.boundAddresses[0].port)/v1/ws", protocols: protocols))
    }

    /// Requests with a new token.
    func client(_ scopes: Scopes, session: String? = nil) async throws -> HTTPClient {
        HTTPClient(
            base: try URLParts("http://127.0.0.1:\(server.boundAddresses[0].port)"),
            bearer: try await token(scopes, session: session).text)
    }

    /// A connection that was welcomed.
    func guest(_ scopes: Scopes = .all, session: String? = nil, hello: String = "{}") async throws -> Client {
        let client = try await connect(token: token(scopes, session: session).text)
        let welcome = try await client.ask("hello", hello)
        try #require(welcome["type"] == "welcome")
        return client
    }

    /// Publishes a fact of a session.
    func publish(_ session: String) {
        events.publish(event: Event(.sessionStarted, session: SessionID(session)))
    }
}
