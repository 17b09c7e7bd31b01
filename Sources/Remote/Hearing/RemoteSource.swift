package import Flow
import VoiceCore
package import Wire
package import JSON

/// The client half of a source: sends its audio to a server, keeps what an outage would lose, and tells what the server
/// makes of it.
package final class RemoteSource: Service {
    /// What happens to it, in order.
    package enum Update: Sendable {
        case connected
        case lost(retryIn: Duration)
        /// What the server asks; done already.
        case control(SourceNotice.Control)
        /// An event of this source.
        case event(JSONValue)
    }

    private struct State: Sendable {
        var window: ResendWindow
        var isPaused = false
        var isSlow = false
        /// Nothing is added any more.
        var isFinished = false
        /// The server was told so.
        var isClosed = false
        /// The server knows all that was said, or ended the source.
        var isOver = false
        var hasConnected = false
        /// Whether the present try reached a server that hears the source.
        var isConnected = false
        var followsEvents = true
        /// The last event of each server, by its URL.
        var lastSequences: [String: UInt64] = [:]
        /// The end of the last utterance whose text came.
        var understood = Duration.zero
    }

    /// PROTOCOL.md, section 4: what was kept is sent at no more than 4x real time.
    private static let speed = 4
    /// How long an utterance waits for its text where nothing else was asked for.
    private static let usualPatience = Duration.seconds(20)
    /// How much later than that a server may tell that it gave an utterance up.
    private static let tellingLimit = Duration.seconds(5)
    private static let eventNames = [
        "source.*", "speech.*", "transcript.*", "command.matched", "attention.called", "draft.*", "recording.saved",
    ]

    private let servers: [ServerAddress]
    private let request: SourceOpenCommand
    private let id: SourceID
    private let clientName: String
    private let update: @Sendable (Update) async -> Void
    private let timeline: Timeline
    private let state: Monitor<State>

    /// - Parameters:
    ///   - servers: Asked in their order each time a connection is needed; one at a time hears the source.
    ///   - request: Its name, if it has none, is chosen here, since it stays the same over outages.
    ///   - update: Called in order with what happens.
    package init(
        _ servers: [ServerAddress], _ request: SourceOpenCommand, clientName: String, timeline: Timeline = .live(),
        update: @escaping @Sendable (Update) async -> Void
    ) {
        id = request.source ?? .random()
        var request = request
        request.source = id
        precondition(!servers.isEmpty, "a source needs a server")
        self.servers = servers
        self.request = request
        self.clientName = clientName
        self.update = update
        self.timeline = timeline
        state = Monitor(State(window: ResendWindow(sampleRate: request.format.sampleRate)))
    }

    // MARK: The microphone's side

    /// Adds what was heard next; never waits, and after 30 s without a server the oldest goes.
    package func add(_ payload: [UInt8], sampleCount: Int) {
        state.update { state in
            if state.isPaused {
                state.window.skip(sampleCount)
            } else {
                state.window.append(payload, sampleCount: sampleCount)
            }
        }
    }

    /// Adds the next part of a recording once no more than `limit` waits to be sent.
    ///
    /// - Returns: False once nothing is taken any more.
    package func add(_ payload: [UInt8], sampleCount: Int, waitingWhile limit: Duration) async -> Bool {
        let isTaken = await state.wait { state -> Bool? in
            if state.isOver { return false }
            return !state.isPaused && !state.isSlow && state.window.unsent <= limit ? true : nil
        }
        guard isTaken == true else { return false }
        add(payload, sampleCount: sampleCount)
        return true
    }

    /// Nothing more is added; `run` returns once the server has understood all.
    package func finish() {
        state.update { $0.isFinished = true }
    }

    // MARK: The server's side

    /// Runs until all is understood, the server ended the source, or the task is cancelled.
    ///
    /// - Throws: `RemoteError` when the first connection fails or the server refuses one.
    package func run() async throws {
        defer { state.update { $0.isOver = true } }
        var backoff = Backoff()
        while !isOver, !Task.isCancelled {
            if try await serveByAny() { backoff.reset() }
            guard !isOver, !Task.isCancelled else { break }
            let pause = backoff.next()
            await update(.lost(retryIn: pause))
            await timeline.sleep(until: timeline.now + pause)
        }
    }

    /// How long the text of what was said last may take.
    private var lastTextLimit: Duration { (request.recognition.patience ?? Self.usualPatience) + Self.tellingLimit }

    private var isOver: Bool { state.withLock { $0.isOver } }

    /// - Returns: Whether a server was found.
    /// - Throws: Why there is none, if there never was, or if asking again cannot help.
    private func serveByAny() async throws -> Bool {
        var failures: [RemoteError] = []
        for server in servers where !isOver && !Task.isCancelled {
            state.withLock { $0.isConnected = false }
            do {
                try await serve(by: server)
                return true
            } catch let error as RemoteError {
                // After a loss the first server comes first again.
                if state.withLock({ $0.isConnected }), !error.isFinal { return true }
                failures.append(error)
            }
        }
        let isHopeless = failures.count == servers.count && failures.allSatisfy(\.isFinal)
        if let first = failures.first, isHopeless || !state.withLock({ $0.hasConnected }) { throw first }
        return false
    }

    private func serve(by server: ServerAddress) async throws {
        try await ServerConnection.with(server, client: clientName) { [self] connection in
            try await follow(connection, server.url)
            if state.withLock({ $0.isClosed }) {
                try await read(connection, server.url, atMost: lastTextLimit)
                // A server that has forgotten the source never tells its end, so the rest is sent again.
                state.update { $0.isClosed = false }
                return
            }
            let channel = try await open(connection)
            await update(.connected)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.read(connection, server.url, atMost: nil) }
                group.addTask { try await self.send(connection, channel) }
                defer { group.cancelAll() }
                try await group.next()
            }
            if let ending = connection.ending, ending != .lost { throw ending }
        }
    }

    private func follow(_ connection: ServerConnection, _ url: String) async throws {
        let filter = try EventFilter(names: Self.eventNames, sources: [id])
        let last = state.withLock { $0.lastSequences[url] }
        do {
            let reply = try await connection.request(.subscribe(SubscribeCommand(filter: filter, lastSequence: last)))
            let newest = reply["seq"]?.whole.map(UInt64.init)
            state.withLock { $0.lastSequences[url] = last ?? newest }
        } catch RemoteError.refused("not_allowed", _) {
            // A token that may send audio need not be one that may read events.
            state.withLock { $0.followsEvents = false }
        }
    }

    private func open(_ connection: ServerConnection) async throws -> UInt32 {
        let reply = try await connection.request(.sourceOpen(request))
        guard let channel = reply["channel"]?.whole.flatMap(UInt32.init(exactly:)) else { throw RemoteError.lost }
        state.update { state in
            state.hasConnected = true
            state.isConnected = true
            state.isSlow = false
            if let sequence = reply["next_sequence"]?.whole.flatMap(UInt32.init(exactly:)) {
                state.window.goBack(toSequence: sequence)
            } else {
                let known = Duration.milliseconds(reply["from_ms"]?.whole ?? 0)
                state.window.goBack(to: max(known, state.understood))
            }
        }
        return channel
    }

    // MARK: Sending

    private func send(_ connection: ServerConnection, _ channel: UInt32) async throws {
        while let (frame, isSlow) = await nextFrame() {
            guard await connection.send(audio: frame.bytes(on: channel)) else { throw RemoteError.lost }
            let length = Duration.nanoseconds(
                Int64(frame.sampleCount) * 1_000_000_000 / Int64(request.format.sampleRate))
            let pause = isSlow ? length : length / Self.speed
            await timeline.sleep(until: timeline.now + pause)
        }
        if Task.isCancelled || isOver { return }
        _ = try await connection.request(.sourceOrder(SourceOrderCommand(.close, id)))
        let isFollowed = state.update { state in
            state.isClosed = true
            if !state.followsEvents { state.isOver = true }
            return state.followsEvents
        }
        if isFollowed { _ = await state.wait { $0.isOver ? true : nil } }
    }

    /// The next frame to send; nil when nothing follows.
    private func nextFrame() async -> (ResendWindow.Frame, isSlow: Bool)? {
        // Whoever adds parts of a recording waits until something was taken.
        let next: (ResendWindow.Frame, isSlow: Bool)?? = await state.wait(wakesOthers: true) { state in
            if state.isOver { return .some(nil) }
            if state.isPaused { return state.isFinished ? .some(nil) : nil }
            if let frame = state.window.takeNext() { return .some((frame, state.isSlow)) }
            return state.isFinished ? .some(nil) : nil
        }
        return next ?? nil
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
        while !isOver, let incoming = await connection.incoming.next() {
            guard case .message(let message) = incoming else { continue }
            if let notice = SourceNotice(message) { await take(notice) } else { await take(message, url) }
        }
    }

    private func take(_ notice: SourceNotice) async {
        guard case .control(let source, let control) = notice, source == id else { return }
        state.update { state in
            switch control {
            case .pause: state.isPaused = true
            case .resume: (state.isPaused, state.isSlow) = (false, false)
            case .slowDown: state.isSlow = true
            case .stop: state.isFinished = true
            }
        }
        await update(.control(control))
    }

    private func take(_ event: JSONValue, _ url: String) async {
        guard event["source_id"]?.text == id.rawValue else { return }
        state.withLock { state in
            if let sequence = event["seq"]?.whole.flatMap(UInt64.init(exactly:)) { state.lastSequences[url] = sequence }
            if event["type"] == "transcript.final", let end = event["end_ms"]?.whole {
                state.understood = max(state.understood, .milliseconds(end))
            }
        }
        await update(.event(event))
        guard event["type"] == "source.stopped", isFinalStop(event["reason"]?.text) else { return }
        state.update { $0.isOver = true }
    }

    /// A server that stops, and one that waited too long, are asked again; what they had not understood is kept.
    private func isFinalStop(_ reason: String?) -> Bool {
        !["server_stopping", "lost"].contains(reason)
    }
}
