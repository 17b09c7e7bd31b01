import Flow
import Net
import VoiceCore
import Wire

/// The listeners of one connection: opened, told of, measured and detached together.
actor ConnectionListeners {
    /// How often the round trip is measured while there is a listener.
    private static let pingInterval = Duration.seconds(10)

    /// What it needs of the server.
    struct Surroundings: Sendable {
        let socket: WebSocket
        let directory: any ListenerDirectory
        let seats: ListenerSeats
        let playbacks: Playbacks
        let timeline: Timeline
        let pool: TaskPool
        /// How many listeners the connection may have.
        let limit: Int
    }

    private let surroundings: Surroundings
    private var listeners: [ListenerID: SocketListener] = [:]
    private var roundTrip = RoundTrip()
    private var isMeasuring = false

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Opens a listener in a scope that the grant covers.
    ///
    /// - Returns: Its description, whether it goes on with what it was cut off from, and what is opened once the client
    ///   was told.
    func open(
        _ command: ListenerOpenCommand, in scope: ListenerScope, by grant: Grant
    ) async throws(ErrorReply) -> (description: ListenerDescription, isResumed: Bool, isTold: Latch) {
        guard listeners.count < surroundings.limit else {
            throw ErrorReply(
                .tooManyListeners, "this connection has \(surroundings.limit) listeners",
                limit: LimitName.listenersPerConnection.rawValue)
        }
        let (id, isKnown) = try await seat(command.resume, grant.token, scope)
        let description = Self.description(id, command, scope, grant)
        let isTold = Latch()
        let listener = SocketListener(
            description, format: command.format, playbacks: surroundings.playbacks, isTold: isTold)
        listeners[id] = listener
        let resumption = isKnown ? command.resume.map { Resumption(job: $0.job, received: $0.received) } : nil
        let isResumed = await surroundings.directory.attach(listener, command.readiness, resuming: resumption)
        measure()
        return (description, isResumed, isTold)
    }

    /// - Throws: `unknown_listener` for one that is not of this connection.
    func setState(_ command: ListenerStateCommand) async throws(ErrorReply) {
        try need(command.listener)
        await surroundings.directory.setReadiness(command.readiness, of: command.listener)
    }

    /// - Throws: `unknown_listener` for one that is not of this connection.
    func update(_ command: ListenerUpdateCommand) async throws(ErrorReply) {
        try need(command.listener)
        guard let trim = listeners[command.listener]?.change(command.trim) else { return }
        await surroundings.directory.setTrim(trim, of: command.listener)
    }

    /// - Throws: `unknown_listener` for one that is not of this connection.
    func close(_ id: ListenerID) async throws(ErrorReply) {
        try need(id)
        let listener = listeners.removeValue(forKey: id)
        await surroundings.playbacks.remove(id)
        if let listener { await leave(listener) }
    }

    /// Whether a token could have opened all that are open.
    func areAllowed(by grant: Grant) -> Bool {
        listeners.values.allSatisfy { grant.mayOpen($0.description) }
    }

    /// The connection is over.
    func closeAll() async {
        let all = listeners.values.sorted { $0.description.id < $1.description.id }
        listeners.removeAll()
        for listener in all { await leave(listener) }
    }

    private func leave(_ listener: SocketListener) async {
        await surroundings.directory.detach(listener)
        surroundings.seats.leave(listener.description.id, by: surroundings.playbacks)
    }

    private func need(_ id: ListenerID) throws(ErrorReply) {
        guard listeners[id] != nil else {
            throw ErrorReply(.unknownListener, "this connection has no such listener", field: "listener_id")
        }
    }

    /// The listener that is resumed, if there is one under this token; else a new one.
    private func seat(
        _ resume: ListenerOpenCommand.Resume?, _ token: TokenID, _ scope: ListenerScope
    ) async throws(ErrorReply) -> (id: ListenerID, isKnown: Bool) {
        let (seats, playbacks) = (surroundings.seats, surroundings.playbacks)
        if let resume, await seats.takeUp(resume.listener, in: scope, token: token, by: playbacks) {
            return (resume.listener, true)
        }
        let id = ListenerID.random()
        try seats.take(id, in: scope, token: token, by: playbacks)
        return (id, false)
    }

    private static func description(
        _ id: ListenerID, _ command: ListenerOpenCommand, _ scope: ListenerScope, _ grant: Grant
    ) -> ListenerDescription {
        var description = ListenerDescription(
            id: id, kind: command.kind, scope: scope, output: command.output ?? .random(), token: grant.token,
            grantSession: grant.session)
        description.startLatency = command.startLatency
        description.device = command.device
        description.trim = command.trim.applied(to: ListenerTrim())
        return description
    }

    // MARK: Round trip

    /// Measures now, and then again while there are listeners.
    private func measure() {
        guard !isMeasuring else { return }
        isMeasuring = true
        surroundings.pool.start { await self.measureWhileNeeded() }
    }

    private func measureWhileNeeded() async {
        let timeline = surroundings.timeline
        while !listeners.isEmpty, !Task.isCancelled {
            let known = listeners.keys
            guard let sample = await surroundings.socket.ping() else { break }
            roundTrip.add(sample)
            for id in listeners.keys { await surroundings.directory.setRoundTrip(roundTrip.smoothed ?? sample, of: id) }
            guard listeners.keys == known else { continue }
            await timeline.sleep(until: timeline.now + Self.pingInterval)
        }
        isMeasuring = false
    }
}

extension Grant {
    /// Whether the bearer may have a listener that hears as much as this one.
    fileprivate func mayOpen(_ listener: ListenerDescription) -> Bool {
        guard allows(.listen) else { return false }
        return switch listener.scope {
        case .session(let session): covers(session)
        case .everyone: allows(.control) && (!isBound || session == listener.grantSession)
        }
    }
}
