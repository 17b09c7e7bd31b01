import Flow
import Hearing
import Net
import Speaking
import VoiceCore
import Wire
import JSON

/// One native connection after hello: takes its commands in order, and answers in order.
///
/// Reports of playback are taken at once, not in line, since an abort in the line waits for them; and so is audio.
actor SocketConnection {
    /// Refusals because of a rate: whoever does not heed so many is not listening.
    private static let refusalRate = Rate(1_000, per: .minute)
    /// PROTOCOL.md, section 2: how long before its end a token is said to be ending.
    private static let notice = Duration.seconds(60)

    private enum Work: Sendable {
        case command(Command, request: [UInt8]?)
        case refusal(ErrorReply, request: [UInt8]?)

        var request: [UInt8]? {
            switch self {
            case .command(_, let request), .refusal(_, let request): request
            }
        }
    }

    let socket: WebSocket
    let parts: GatewayParts
    let writer: EventWriter
    let listeners: ConnectionListeners
    let sources: ConnectionSources
    let pool: TaskPool
    private let playbacks: Playbacks
    var identity: ConnectionIdentity
    /// Jobs whose texts are written here, the newest last.
    var growing: [JobID] = []
    private var refusals = RateGauge()
    /// Nothing more is done for the client.
    private var isOver = false

    init(_ socket: WebSocket, door: SocketDoor, identity: ConnectionIdentity) {
        let pool = TaskPool()
        let (parts, timeline) = (door.parts, door.parts.server.timeline)
        playbacks = Playbacks(
            Playbacks.Surroundings(socket: socket, channels: door.channels, timeline: timeline, pool: pool))
        listeners = ConnectionListeners(
            ConnectionListeners.Surroundings(
                socket: socket, directory: parts.dispatcher, seats: door.seats, playbacks: playbacks,
                timeline: timeline, pool: pool, limit: parts.server.limits[.listenersPerConnection]))
        sources = ConnectionSources(socket)
        writer = EventWriter(socket, parts: parts, frames: door.frames, grant: identity.grant, pool: pool)
        self.identity = identity
        self.socket = socket
        self.parts = parts
        self.pool = pool
    }

    /// Serves the connection until it is over, then gives back what it held.
    func run(_ greeting: Greeting) async {
        if await welcome(greeting) {
            watchGrant()
            let line = CommandQueue<Work>()
            let worker = pool.start { await self.work(line) }
            await read(into: line)
            line.finish()
            await worker.wait()
        }
        await parts.dispatcher.writerLeft(growing)
        await parts.hearing?.leave(sources)
        await listeners.closeAll()
        await playbacks.close()
        for session in identity.held { await parts.sessions.release(session) }
        await pool.stop()
    }

    /// Tells when the token ends soon, and closes the connection when it is over.
    func watchGrant() {
        let (access, grant, socket) = (parts.access, identity.grant, socket)
        identity.grantWatch?.cancel()
        identity.grantWatch = pool.start {
            if await access.waitForEnd(of: grant, notice: Self.notice) == .expired,
                let left = access.timeLeft(of: grant)
            {
                socket.send(
                    Frame.text(Reply("token.expiring", to: nil, ["in_ms": .milliseconds(max(.zero, left))]).json))
            }
            guard await access.waitForEnd(of: grant) != nil else { return }
            socket.close(code: ErrorCode.unauthenticated.closeCode, reason: ErrorCode.unauthenticated.rawValue)
        }
    }

    func send(_ reply: Reply) {
        if reply.isWanted { socket.send(Frame.text(reply.json)) }
    }

    private func refuse(_ request: [UInt8]?, _ error: ErrorReply) {
        parts.counters.refused(error.code)
        send(.error(to: request, error))
    }

    // MARK: The line of commands

    private nonisolated func read(into line: CommandQueue<Work>) async {
        while let message = await socket.receive() {
            guard let work = await work(for: message) else { continue }
            guard await line.add(work, byteCount: message.byteCount) else { return }
        }
    }

    /// - Returns: Nil for what is done already.
    private nonisolated func work(for message: WebSocketMessage) async -> Work? {
        switch message {
        case .binary(let bytes):
            do throws(ErrorReply) {
                try sources.take(bytes)
                return nil
            } catch {
                return .refusal(error, request: nil)
            }
        case .text(let text):
            let message = await CommandMessage.read(text)
            switch message.command {
            case .success(.playback(let playback)):
                await playbacks.take(playback)
                return nil
            case .success(let command): return .command(command, request: message.request)
            case .failure(let error): return .refusal(ErrorReply(error), request: message.request)
            }
        }
    }

    /// Whether the connection's token and rates allow another command; if not, says so.
    private func mayGoOn(_ work: Work) -> Bool {
        guard !isOver else { return false }
        guard parts.access.isLiving(identity.grant) else {
            close(.unauthenticated)
            return false
        }
        guard let error = excess else { return true }
        refuse(work.request, error)
        if refusals.take(of: Self.refusalRate, at: parts.server.timeline.now) != nil { close(.rateLimited) }
        return false
    }

    private var excess: ErrorReply? {
        if let wait = parts.turnstile.pass(identity.grant) { return .rateLimited(.token, retryAfter: wait) }
        return parts.turnstile.pass(identity.peer, isLocal: identity.isLocal).map {
            .rateLimited(.peer, retryAfter: $0)
        }
    }

    private func close(_ code: ErrorCode) {
        isOver = true
        socket.close(code: code.closeCode, reason: code.rawValue)
    }

    private func work(_ line: CommandQueue<Work>) async {
        while let work = await line.next() {
            guard mayGoOn(work) else { continue }
            switch work {
            case .refusal(let error, let request): refuse(request, error)
            case .command(let command, let request):
                do throws(ErrorReply) {
                    try await perform(command, request)
                } catch {
                    refuse(request, error)
                }
            }
        }
    }
}
