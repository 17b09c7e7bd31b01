import Flow

/// One WebSocket on its loop: carries out what the frame codec, the close handshake and the ping clock decide.
final class WebSocketConnection: LoopMember {
    private enum Phase {
        case open
        /// Everything was sent and nothing more will be; what still comes is thrown away until the other end closes.
        case lingering
        case ended
    }

    private let link: Link
    private let state: WebSocketState
    private let options: WebSocketOptions
    /// What lives as long as the connection does.
    private let held: AnyObject?
    private let seat: Gauge.Seat
    private let share: InputBudget.Share
    private let counters: LoopCounters
    /// The task of its handler, cancelled at the end.
    var task: TaskPool.Handle?
    private var assembler: MessageAssembler
    private var closing: CloseHandshake
    private var pings: PingClock
    private var questions = PingQuestions()
    private var rooms = RoomQuestions()
    private var pongs = PongRation()
    private var progress = SendProgress()
    private var phase = Phase.open
    private var isPaused = false
    /// The socket goes once all is out.
    private var endsWhenDrained = false
    private var closeDeadline: Duration?

    /// How long the last frame may take to go out, and the other end to close.
    private static let lingering = Duration.seconds(1)

    init(link: Link, state: WebSocketState, options: WebSocketOptions, holding held: AnyObject? = nil) {
        self.link = link
        self.state = state
        self.options = options
        self.held = held
        counters = link.loop.counters
        share = InputBudget.Share(of: link.loop.input)
        seat = counters.seat(isWebSocket: true, isSecure: link.transport.isSecure)
        assembler = MessageAssembler(
            role: options.role, limit: options.messageBytes, fragmentLimit: options.fragmentCount)
        closing = CloseHandshake(role: options.role)
        pings = PingClock(interval: options.pingInterval, timeout: options.pongTimeout, now: link.loop.now)
    }

    /// Begins, once installed; what came behind the handshake is read first.
    func begin() {
        if options.kind == .live { link.transport.boundSendBuffer(WebSocketOptions.liveSendBuffer) }
        link.setReading([.reading, .ending])
        reschedule()
        advance()
    }
}

// What the loop tells.
extension WebSocketConnection {
    func ready(_ readiness: Readiness) {
        if readiness.hasFailed, !readiness.isReadable { return end() }
        if link.mayRead(readiness) { read() }
        if link.mayWrite(readiness) { turnEnded() }
    }

    func turnEnded() {
        if case .ended = phase { return }
        let outcome = link.flush()
        answerRooms()
        switch outcome {
        case .failed: end()
        case .blocked: reschedule()
        case .drained:
            if let payload = pongs.takeLate(), closing.maySend { enqueue(.pong(payload)) }
            guard endsWhenDrained, case .open = phase else { return }
            linger()
        }
    }

    func deadlinePassed() {
        let now = link.loop.now
        if let closeDeadline, now >= closeDeadline { return end() }
        if let since = link.stalledSince, now - since >= options.stallTimeout, closing.maySend {
            counters.drops.stalled.add()
            perform(closing.fail(code: WebSocketClose.tryAgainLater, reason: "too slow"))
        }
        for question in questions.expired(at: now) { state.answer(question, .pong(nil)) }
        if isPaused { pings.postpone(at: now) }
        switch pings.due(at: now) {
        case .giveUp:
            counters.drops.silent.add()
            return end()
        case .ping where closing.maySend: enqueue(.ping([]))
        case .ping, .wait: break
        }
        reschedule()
    }

    func drain() { close(code: WebSocketClose.goingAway, reason: "going away") }

    func abandon() { end() }
}

// What the handle asks.
extension WebSocketConnection {
    func sendFrame(_ frame: Frame) {
        guard closing.maySend else { return }
        enqueue(frame)
    }

    func sendUrgent(_ frame: Frame, discarding tag: UInt32?) {
        guard closing.maySend else { return }
        if let tag { counters.drops.flushedFrames.add(link.output.discard(tag: tag)) }
        link.sendUrgent(encoded(frame))
    }

    func ping(_ question: UInt64) {
        guard closing.maySend else { return state.answer(question, .pong(nil)) }
        let now = link.loop.now
        enqueue(.ping(questions.ask(question, now: now, timeout: options.pongTimeout)))
        reschedule()
    }

    func answerPressure(_ question: UInt64) {
        let pressure = progress.pressure(
            unsent: link.output.byteCount, unacknowledged: link.transport.unacknowledgedCount, now: link.loop.now)
        state.answer(question, .pressure(pressure))
    }

    func answerRoom(_ question: UInt64, within byteCount: Int) {
        rooms.ask(question, within: byteCount)
        answerRooms()
    }

    private func answerRooms() {
        for question in rooms.answered(byUnsent: link.output.byteCount) { state.answer(question, .room) }
    }

    func close(code: UInt16, reason: String) {
        perform(closing.close(code: code, reason: reason))
        reschedule()
    }

    func resumeReading() {
        guard isPaused, case .open = phase else { return }
        isPaused = false
        link.setReading([.reading, .ending])
        advance()
    }
}

// Reading.
extension WebSocketConnection {
    private func read() {
        switch link.read() {
        case .transferred:
            pings.heard(at: link.loop.now)
            advance()
            counters.framesIn.add(assembler.takeFrameCount())
            guard !share.hold(link.input.count + assembler.byteCount), closing.maySend else { return }
            counters.drops.input.add()
            perform(closing.fail(code: WebSocketClose.tryAgainLater, reason: "too much held (limit input_bytes)"))
            reschedule()
        case .wouldBlock: break
        case .ended, .failed: end()
        }
    }

    private func advance() {
        while case .open = phase, !isPaused, !endsWhenDrained {
            do throws(WebSocketError) {
                guard let event = try nextEvent() else { break }
                handle(event)
            } catch {
                perform(closing.fail(code: error.closeCode, reason: error.reason))
                reschedule()
            }
        }
        if case .lingering = phase { link.input = InputBuffer() }
        if endsWhenDrained { link.input = InputBuffer() }
    }

    private func nextEvent() throws(WebSocketError) -> MessageAssembler.Event? {
        let input = link.input
        let (used, event) = try assembler.next(input.bytes.span.extracting(input.start..<input.bytes.count))
        link.input.consume(used)
        return event
    }

    private func handle(_ event: MessageAssembler.Event) {
        switch event {
        case .message(let message):
            counters.messagesIn.add()
            guard closing.mayReceive, !state.push(message) else { return }
            isPaused = true
            link.setReading([])
        case .ping(let payload):
            guard closing.maySend else { return }
            if pongs.mayAnswer(payload, isBlocked: link.stalledSince != nil) {
                enqueue(.pong(payload))
            } else {
                counters.drops.pings.add()
            }
            link.loop.flushLater(link.id)
        case .pong(let payload):
            guard let (question, duration) = questions.answered(payload, now: link.loop.now) else { return }
            state.answer(question, .pong(duration))
        case .close(let code, let reason):
            perform(closing.received(code: code, reason: reason))
            reschedule()
        }
    }
}

// Sending and ending.
extension WebSocketConnection {
    private func enqueue(_ frame: Frame) {
        // What waits is looked at before the frame is added, so that one message may be larger than the limit.
        guard link.output.byteCount <= options.unsentBytes ?? options.kind.byteLimit else {
            counters.drops.tooMuchUnsent.add()
            perform(closing.fail(code: WebSocketClose.tryAgainLater, reason: "too slow (limit unsent_bytes)"))
            return reschedule()
        }
        progress.sent(frame.byteCount, now: link.loop.now)
        link.send(encoded(frame), tag: frame.tag)
    }

    private func encoded(_ frame: Frame) -> [UInt8] {
        counters.framesOut.add()
        return options.role == .client ? frame.masked(by: link.loop.buffers.maskingKey()) : frame.bytes
    }

    private func perform(_ action: CloseHandshake.Action) {
        switch action {
        case .nothing: break
        case .end:
            endsWhenDrained = true
            link.loop.flushLater(link.id)
        case .send(let code, let reason, let thenEnd):
            if thenEnd, !closing.outcome.wasClean {
                // Giving up on a peer leaves no time for what it has not taken.
                link.output.discardAll()
                state.end(closing.outcome)
                closeDeadline = link.loop.now + Self.lingering
            }
            link.send(encoded(.close(code, reason: reason)))
            endsWhenDrained = thenEnd
            // A full inbox must not keep the answer to a close frame from being read.
            if isPaused { unpause() }
        }
        if closeDeadline == nil, action != .nothing { closeDeadline = link.loop.now + options.closeTimeout }
    }

    private func unpause() {
        isPaused = false
        link.setReading([.reading, .ending])
        if !endsWhenDrained { advance() }
    }

    /// Says that nothing more will come and waits for the other end, so that no reset destroys the close frame.
    private func linger() {
        phase = .lingering
        state.end(closing.outcome)
        link.transport.endWriting()
        link.input = InputBuffer()
        closeDeadline = link.loop.now + Self.lingering
        reschedule()
    }

    private func end() {
        if case .ended = phase { return }
        phase = .ended
        state.end(closing.outcome)
        link.loop.remove(link.id)
        task?.cancel()
    }

    private func reschedule() {
        if case .ended = phase { return }
        var next = closeDeadline
        func consider(_ time: Duration?) {
            guard let time else { return }
            next = min(next ?? time, time)
        }
        consider(questions.nextExpiry)
        if closing.maySend { consider(link.stalledSince.map { $0 + options.stallTimeout }) }
        if closing.maySend { consider(pings.nextDue) }
        link.loop.setDeadline(next, for: link.id)
    }
}
