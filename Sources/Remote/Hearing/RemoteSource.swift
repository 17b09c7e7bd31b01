package import Flow
import VoiceCore
package import Wire
package import JSON

/// The client half of a source: sends its audio to a server, keeps what an outage would lose, and tells what the server
/// makes of it.
package final class RemoteSource: Service {
    /// What happens to it, in order.
    package enum Update: Sendable {
        /// This server hears it now.
        case connected(ServerAddress)
        /// The connection is gone, and is made again as soon as that can be.
        case lost
        /// No server could be reached so far; told once, and tried again.
        case unreachable(RemoteError)
        /// The token may not read what was understood.
        case cannotFollow
        /// What the server asks; done already.
        case control(SourceNotice.Control, reason: String?)
        /// An event of this source.
        case event(JSONValue)
    }

    private struct State: Sendable {
        var ledger: SourceLedger
        var line = LineWatch()
        var hasConnected = false
        /// Whether a server hears the source now.
        var isConnected = false
        var isDispensable = false
        /// Whether it was told that there is no connection.
        var isOutageTold = false
    }

    /// PROTOCOL.md, section 4: what was kept is sent at no more than 4x real time.
    static let speed = 4
    /// A try every two seconds leaves most of the 30 s that are kept to outages themselves.
    private static let longestPause = Duration.seconds(2)
    /// How long an utterance waits for its text where nothing else was asked for.
    private static let usualPatience = Duration.seconds(20)
    /// How much later than that a server may tell that it gave an utterance up.
    private static let tellingLimit = Duration.seconds(5)
    private static let eventNames = [
        "source.*", "speech.*", "transcript.*", "keyword.spotted", "command.matched", "attention.called", "draft.*",
        "recording.saved",
    ]

    private let servers: [ServerAddress]
    private let request: SourceOpenCommand
    private let id: SourceID
    private let clientName: String
    /// Whether servers that were never reached are tried again.
    private let isPatient: Bool
    private let update: @Sendable (Update) async -> Void
    private let timeline: Timeline
    private let state: Monitor<State>

    /// - Parameters:
    ///   - servers: Asked in their order each time a connection is needed; one at a time hears the source.
    ///   - request: Its name, if it has none, is chosen here, since it stays the same over outages.
    ///   - isPatient: Whether servers that cannot be reached are tried again from the beginning on.
    ///   - update: Called in order with what happens.
    package init(
        _ servers: [ServerAddress], _ request: SourceOpenCommand, clientName: String, isPatient: Bool = false,
        timeline: Timeline = .live(), update: @escaping @Sendable (Update) async -> Void
    ) {
        id = request.source ?? .random()
        var request = request
        request.source = id
        precondition(!servers.isEmpty, "a source needs a server")
        self.servers = servers
        self.request = request
        self.clientName = clientName
        self.isPatient = isPatient
        self.update = update
        self.timeline = timeline
        state = Monitor(State(ledger: SourceLedger(id, sampleRate: request.format.sampleRate)))
    }

    // MARK: The microphone's side

    /// Adds what was heard next; never waits, and after 30 s without a server the oldest goes.
    package func add(_ payload: [UInt8], sampleCount: Int) {
        state.update { $0.ledger.add(payload, sampleCount: sampleCount) }
    }

    /// Leaves out what was not heard.
    package func skip(_ sampleCount: Int) {
        state.update { $0.ledger.skip(sampleCount) }
    }

    /// Whether the next part may be added; nil where it has to wait.
    func takes(_ supply: AudioSupply) -> Bool? { state.withLock { $0.ledger.takes(supply) } }

    /// Waits until the next part may be added.
    ///
    /// - Returns: False once nothing is taken any more.
    func waitForRoom(_ supply: AudioSupply) async -> Bool {
        await state.wait { $0.ledger.takes(supply) } ?? false
    }

    /// Nothing more is added; `run` returns once the server has understood all.
    package func finish() {
        state.update { $0.ledger.finish() }
    }

    /// Others have understood all: without a connection, `run` returns.
    package func dispense() {
        state.update { $0.isDispensable = true }
    }

    /// Why others ended the source; nil if they did not.
    package var stopReason: String? { state.withLock { $0.ledger.stopReason } }

    // MARK: The server's side

    /// Runs until all is understood, the server ended the source, or the task is cancelled.
    ///
    /// - Throws: `RemoteError` when the first connection fails, unless it is patient, or the server refuses one.
    package func run() async throws {
        defer { state.update { $0.ledger.end() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.serve() }
            group.addTask { _ = await self.state.wait { $0.isDispensable && !$0.isConnected ? true : nil } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func serve() async throws {
        var backoff = Backoff(cap: Self.longestPause)
        while !isOver, !Task.isCancelled {
            let failure = try await serveByAny()
            let (hasConnected, isStopped) = state.withLock { ($0.hasConnected, $0.ledger.stopReason != nil) }
            if failure == nil { backoff.reset() }
            if isOver || Task.isCancelled || (isStopped && failure != nil) { break }
            await tellOutage(hasConnected ? nil : failure)
            await timeline.sleep(until: timeline.now + backoff.next())
        }
    }

    /// Tells that there is no connection, once until there is one.
    private func tellOutage(_ failure: RemoteError?) async {
        let isTold = state.withLock { state in
            defer { state.isOutageTold = true }
            return state.isOutageTold
        }
        if !isTold { await update(failure.map { .unreachable($0) } ?? .lost) }
    }

    /// How long the text of what was said last may take.
    private var lastTextLimit: Duration { (request.recognition.patience ?? Self.usualPatience) + Self.tellingLimit }

    private var isOver: Bool { state.withLock { $0.ledger.isOver } }

    /// - Returns: Nil if a server was found, else why there is none.
    /// - Throws: Why there is none, if there never was, or if asking again cannot help.
    private func serveByAny() async throws -> RemoteError? {
        var failures: [RemoteError] = []
        for server in servers where !isOver && !Task.isCancelled {
            do {
                try await serve(by: server)
                _ = disconnect()
                return nil
            } catch {
                let wasConnected = disconnect()
                guard let error = error as? RemoteError else { throw error }
                // After a loss the first server comes first again.
                if wasConnected, !error.isFinal { return nil }
                failures.append(error)
            }
        }
        guard let first = failures.first else { return nil }
        let isHopeless = failures.count == servers.count && failures.allSatisfy(\.isFinal)
        if isHopeless || !(isPatient || state.withLock({ $0.hasConnected })) { throw first }
        return first
    }

    /// - Returns: Whether there was a connection.
    private func disconnect() -> Bool {
        state.update { state in
            defer { state.isConnected = false }
            return state.isConnected
        }
    }

    private func serve(by server: ServerAddress) async throws {
        try await ServerConnection.with(server, client: clientName) { [self] connection in
            try await follow(connection, server.url)
            if state.withLock({ $0.ledger.isClosed }) {
                await tellConnected(server)
                try await read(connection, server.url, atMost: lastTextLimit)
                // A server that has forgotten the source never tells its end.
                if !isOver { state.update { $0.ledger.giveUpWaiting() } }
                return
            }
            let wasPaused = state.withLock { $0.ledger.isPaused }
            let channel = try await open(connection, server.url)
            await tellConnected(server)
            let isPaused = state.withLock { $0.ledger.isPaused }
            if isPaused != wasPaused { await update(.control(isPaused ? .pause : .resume, reason: nil)) }
            state.withLock { $0.line = LineWatch() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.read(connection, server.url, atMost: nil) }
                group.addTask { try await self.send(connection, channel) }
                group.addTask { try await self.watchLine() }
                defer { group.cancelAll() }
                try await group.next()
            }
            if let ending = connection.ending, ending != .lost { throw ending }
        }
    }

    private func tellConnected(_ server: ServerAddress) async {
        state.update { ($0.hasConnected, $0.isConnected, $0.isOutageTold) = (true, true, false) }
        await update(.connected(server))
    }

    private func follow(_ connection: ServerConnection, _ url: String) async throws {
        let filter = try EventFilter(names: Self.eventNames, sources: [id])
        let last = state.withLock { $0.ledger.lastSequence(at: url) }
        do {
            let reply = try await connection.request(.subscribe(SubscribeCommand(filter: filter, lastSequence: last)))
            state.withLock { $0.ledger.follow(url, from: reply["seq"]?.whole.flatMap(UInt64.init(exactly:))) }
        } catch RemoteError.refused("not_allowed", _) {
            // A token that may send audio need not be one that may read events.
            let isNew = state.withLock { state in
                defer { state.ledger.followsEvents = false }
                return state.ledger.followsEvents
            }
            if isNew { await update(.cannotFollow) }
        }
    }

    private func open(_ connection: ServerConnection, _ url: String) async throws -> UInt32 {
        var request = request
        request.beginsAnew = state.withLock { $0.ledger.beginsAnew(at: url) }
        let reply = try await connection.request(.sourceOpen(request))
        guard let channel = reply["channel"]?.whole.flatMap(UInt32.init(exactly:)) else { throw RemoteError.lost }
        if state.update({ $0.ledger.open(at: url, reply) }) {
            do {
                _ = try await connection.request(.sourceOrder(SourceOrderCommand(.pause, id)))
            } catch RemoteError.refused {
                // Nothing is sent either way.
            }
        }
        return channel
    }

    // MARK: Sending

    private func send(_ connection: ServerConnection, _ channel: UInt32) async throws {
        while case .frame(let frame, let isSlow)? = await nextStep() {
            noteFrame()
            guard await connection.send(audio: frame.bytes(on: channel)) else { throw RemoteError.lost }
            let length = Duration.nanoseconds(
                Int64(frame.sampleCount) * 1_000_000_000 / Int64(request.format.sampleRate))
            let pause = isSlow ? length : length / Self.speed
            await timeline.sleep(until: timeline.now + pause)
        }
        if Task.isCancelled || isOver { return }
        if !state.withLock({ $0.ledger.isClosed }) { try await close(connection) }
        _ = await state.wait { $0.ledger.isOver ? true : nil }
    }

    private func noteFrame() {
        let isOwed = state.withLock { $0.line.send(at: timeline.now) }
        // Whoever watches the line sees its new deadline.
        if isOwed { state.update { _ in } }
    }

    /// Waits for the next thing to send; nil when the task was cancelled.
    func nextStep() async -> SourceLedger.Step? {
        // Whoever adds parts of a recording waits until something was taken.
        await state.wait(wakesOthers: true) { $0.ledger.next() }
    }

    private func close(_ connection: ServerConnection) async throws {
        do {
            _ = try await connection.request(.sourceOrder(SourceOrderCommand(.close, id)))
        } catch RemoteError.refused("unknown_source", _) {
            // Others ended it at the same time.
        }
        state.update { $0.ledger.close() }
    }

    // MARK: Reading

    private func read(_ connection: ServerConnection, _ url: String, atMost limit: Duration?) async throws {
        guard let limit else { return await readAll(connection, url) }
        _ = await timeline.limit(limit) { [self] in
            await readAll(connection, url)
            return true
        }
    }

    private func readAll(_ connection: ServerConnection, _ url: String) async {
        while !isOver, let incoming = await nextIncoming(connection) {
            guard case .message(let message) = incoming, let news = take(message, url) else { continue }
            await update(news)
            // Whoever waits sees what it means once it was told.
            state.update { _ in }
        }
    }

    private func nextIncoming(_ connection: ServerConnection) async -> ServerConnection.Incoming? {
        state.withLock { $0.line.wait(at: timeline.now) }
        defer { state.withLock { $0.line.receive() } }
        return await connection.incoming.next()
    }

    /// Runs until the task is cancelled.
    ///
    /// - Throws: `RemoteError.lost` once nothing answers what is sent.
    private func watchLine() async throws {
        while let deadline = await state.wait({ $0.line.deadline }) {
            await timeline.sleep(until: deadline)
            if Task.isCancelled { return }
            if state.withLock({ $0.line.isDead(at: timeline.now) }) { throw RemoteError.lost }
        }
    }

    /// - Returns: What is to be told of it.
    private func take(_ message: JSONValue, _ url: String) -> Update? {
        guard let notice = SourceNotice(message) else {
            return state.withLock { $0.ledger.take(message, from: url) } ? .event(message) : nil
        }
        guard case .control(id, let control, let reason) = notice else { return nil }
        return state.withLock { $0.ledger.take(control, reason: reason) } ? .control(control, reason: reason) : nil
    }
}
