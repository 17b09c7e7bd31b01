import Flow
import Net
import Speaking
import VoiceCore
import Wire

/// One client of the queue: what it sends is done in order, what happens is told to all.
struct TTSConnection: Sendable {
    let parts: GatewayParts
    let queue: TTSQueue
    let socket: WebSocket
    /// Bound to the session in which it speaks.
    let grant: Grant
    let session: SessionID
    /// Whether it may end the server.
    let mayStop: Bool

    /// - Parameters:
    ///   - shown: What its token allows, or what it may do without one.
    ///   - rule: Of the door it came in by.
    init(_ socket: WebSocket, _ shown: Grant, rule: VisitorRule, parts: GatewayParts, queue: TTSQueue) {
        self.parts = parts
        self.queue = queue
        self.socket = socket
        session = shown.session ?? rule.alias.name.session
        mayStop = shown.allows(.admin) || rule.alias.mayStop
        var grant = shown
        grant.session = session
        self.grant = grant
    }

    func serve() async {
        queue.join(socket)
        while let message = await socket.receive() {
            let bytes: [UInt8] =
                switch message {
                case .text(let text): Array(text.utf8)
                case .binary(let bytes): bytes
                }
            var name = TTSJobName()
            do throws(ErrorReply) {
                if let wait = parts.turnstile.pass(grant) { throw .rateLimited(.token, retryAfter: wait) }
                let message = try TTSMessage(bytes)
                name = TTSJobName(id: message.id, namesJob: message.namesJob)
                try await perform(message, name)
            } catch {
                parts.counters.refused(error.code)
                socket.send(Frame.text(TTSEvent(error, named: name).json))
            }
        }
        queue.leave(socket)
    }

    private func perform(_ message: TTSMessage, _ name: TTSJobName) async throws(ErrorReply) {
        switch message.command {
        case .speak: try await speak(message, name)
        case .abortCurrent:
            guard await abortCurrent() else { throw ErrorReply(.unknownJob, "nothing sounds") }
        case .abortAll: _ = await parts.dispatcher.abort(.session(session), by: grant)
        case .terminate:
            guard mayStop else {
                throw ErrorReply(.notAllowed, "ending the server needs the admin token, or --alias-may-stop")
            }
            parts.server.stop.open()
        }
    }

    private func speak(_ message: TTSMessage, _ name: TTSJobName) async throws(ErrorReply) {
        var request = SpeakRequest(text: message.text, session: session)
        if let voice = message.voice { request.voice = await parts.voice(named: ChatterboxVoices.name(of: voice)) }
        request.language = message.language
        request.speed = message.speed
        request.volume = message.volume
        do throws(SpeakRefusal) {
            queue.follow(try await parts.dispatcher.speak(request, by: grant), named: name, in: parts.dispatcher)
        } catch {
            throw ErrorReply(error)
        }
    }

    /// Ends the job that sounds on the server's own speaker, else the one that has sounded for longest.
    private func abortCurrent() async -> Bool {
        let dispatcher = parts.dispatcher
        if !(await dispatcher.abort(.current(session: session, output: .local), by: grant)).isEmpty { return true }
        let sounding = await dispatcher.jobs(visibleTo: grant).filter { $0.end == nil && $0.position == 0 }
        guard let oldest = sounding.min(by: { $0.acceptedAt < $1.acceptedAt }) else { return false }
        return !(await dispatcher.abort(.job(oldest.id), by: grant)).isEmpty
    }
}
