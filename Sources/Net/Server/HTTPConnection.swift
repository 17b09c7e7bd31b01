import Flow

/// One HTTP connection on its loop: requests one after the other, each answered before the next is read.
final class HTTPConnection: LoopMember {
    enum Phase {
        /// Waiting for a request, or for the rest of one.
        case reading
        /// A task is at work on the answer.
        case answering(TaskPool.Handle)
        case streaming(TaskPool.Handle, BodyWriter)
        /// All was said; the connection ends when it is out.
        case closing
        /// All is out; what still comes is thrown away until the other end closes.
        case lingering
        case ended
    }

    let link: Link
    let origin: ConnectionOrigin
    let context: ServerContext
    var phase = Phase.reading
    /// The request being read or answered.
    var head: RequestHead?
    private var parser: RequestParser
    private let seat: Gauge.Seat
    private let share: InputBudget.Share
    /// Bytes of the streamed body given to the link.
    var streamed = 0
    /// Whether nothing is read until what is unsent has gone out.
    private var isHeldBack = false
    /// Requests answered since the socket was read, and whether the others have their turn before the next one.
    private var answeredCount = 0
    private var isYielding = false
    /// When the present phase has taken too long.
    private var phaseDeadline: Duration?
    /// Whether the connection ends with the present answer, whatever the client wishes.
    var endsAfterAnswer = false

    /// Pipelined requests wait while more than this is unsent, or came before their turn.
    private static let pipelineBytes = 64 * 1024
    /// Pipelined requests answered in one go; a read may hold 2,000, which take 5 ms (Benchmarks/disturbance.py).
    private static let pipelineRun = 16

    private init(_ transport: any Transport, origin: ConnectionOrigin, context: ServerContext, loop: Loop)
        throws(SystemError)
    {
        link = try Link(transport, on: loop, interest: [.reading, .ending])
        self.origin = origin
        share = InputBudget.Share(of: loop.input)
        seat = loop.counters.seat(isWebSocket: false, isSecure: transport.isSecure)
        self.context = context
        parser = RequestParser(limits: context.options.limits.parsing)
    }

    /// Begins to serve a socket; closes it if the loop cannot take it.
    ///
    /// - Parameter endsAfterAnswer: Whether it serves one request only.
    static func start(
        _ transport: any Transport, origin: ConnectionOrigin, context: ServerContext, on loop: Loop,
        endsAfterAnswer: Bool = false
    ) {
        guard let connection = try? HTTPConnection(transport, origin: origin, context: context, loop: loop)
        else { return }
        connection.endsAfterAnswer = endsAfterAnswer
        loop.install(connection, as: connection.link.id)
        connection.setDeadline(context.options.headDeadline)
    }
}

// What the loop tells.
extension HTTPConnection {
    func ready(_ readiness: Readiness) {
        if readiness.hasFailed, !readiness.isReadable { return end() }
        if link.mayRead(readiness) { read() }
        if link.mayWrite(readiness) { turnEnded() }
    }

    func turnEnded() {
        if case .ended = phase { return }
        let result = link.flush()
        if case .streaming(_, let writer) = phase { writer.sent(streamed - link.output.byteCount) }
        switch (result, phase) {
        case (.failed, _): end()
        case (.blocked, _): reschedule()
        case (.drained, .closing): linger()
        case (.drained, .reading): if endsAfterAnswer, isIdle { end() } else { readOn() }
        case (.drained, _): break
        }
    }

    func deadlinePassed() {
        let now = link.loop.now
        if let since = link.stalledSince, now - since >= context.options.stallDeadline {
            link.loop.counters.drops.stalled.add()
            return end()
        }
        guard let phaseDeadline, now >= phaseDeadline else { return reschedule() }
        switch phase {
        case .reading where isIdle: end()
        case .reading:
            link.loop.counters.drops.late.add()
            refuse(.text("the request took too long\n", status: 408))
        default: end()
        }
    }

    func drain() {
        endsAfterAnswer = true
        switch phase {
        case .reading where isIdle && link.output.isEmpty: end()
        case .streaming(let task, _): task.cancel()
        default: break
        }
    }

    func abandon() { end() }

    /// Whether it waits for a request of which nothing has come.
    private var isIdle: Bool { parser.isBetweenRequests && link.input.count == 0 }
}

// Reading requests.
extension HTTPConnection {
    private func read() {
        let outcome = link.read()
        if !isYielding { answeredCount = 0 }
        switch (outcome, phase) {
        case (.wouldBlock, _): break
        case (.ended, .closing): link.setReading([])
        case (.ended, _), (.failed, _): end()
        case (.transferred, .lingering), (.transferred, .closing): link.input = InputBuffer()
        case (.transferred, .reading):
            advance()
            checkShare()
            holdBack()
        case (.transferred, _): holdBack()
        }
    }

    private func checkShare() {
        guard !share.hold(link.input.count + parser.bodyByteCount), case .reading = phase else { return }
        link.loop.counters.drops.input.add()
        refuse(.text("the server holds too much already (limit input_bytes)\n", status: 503))
        parser = RequestParser(limits: context.options.limits.parsing)
        _ = share.hold(0)
    }

    /// Goes on in the next turn, so that a client with many requests holds up nobody.
    private func yield() {
        isYielding = true
        let id = link.id
        link.loop.thread.run { loop in (loop.member(id) as? HTTPConnection)?.endYield() }
    }

    private func endYield() {
        isYielding = false
        answeredCount = 0
        if case .reading = phase { readOn() }
    }

    /// Whether more came than its turn allows; an unfinished head alone is never as much.
    private var isAhead: Bool { link.input.count > Self.pipelineBytes + context.options.limits.headBytes }

    /// Pipelined requests wait in the kernel then; the end of the connection must still be seen.
    private func holdBack() {
        guard isAhead, !isHeldBack else { return }
        isHeldBack = true
        link.setReading(.ending)
    }

    private func readOn() {
        advance()
        guard isHeldBack, !isAhead else { return }
        isHeldBack = false
        link.setReading([.reading, .ending])
    }

    /// Reads and answers requests until one has to wait.
    func advance() {
        while case .reading = phase, !isYielding, link.output.byteCount <= Self.pipelineBytes {
            let wasBetween = parser.isBetweenRequests && link.input.count > 0
            do throws(HTTPParseError) {
                guard let event = try nextEvent() else {
                    if wasBetween, head == nil { setDeadline(context.options.headDeadline) }
                    return
                }
                handle(event)
            } catch {
                context.log.limited(origin.peer.host).debug(
                    "request.refused", ["peer": origin.peer.host, "error": "\(error)"])
                context.counters.malformedRequests.add()
                let limit = error.limit.map { " (limit \($0))" } ?? ""
                refuse(.text("\(error)\(limit)\n", status: error.status))
            }
        }
    }

    private func nextEvent() throws(HTTPParseError) -> RequestParser.Event? {
        let input = link.input
        guard input.count > 0 || head != nil else { return nil }
        let (used, event) = try parser.next(input.bytes.span.extracting(input.start..<input.bytes.count))
        link.input.consume(used)
        return event
    }

    private func handle(_ event: RequestParser.Event) {
        switch event {
        case .head(let head):
            self.head = head
            if head.expectsContinue, link.input.count == 0 { link.send(MessageEncoder.proceed) }
            setDeadline(context.options.bodyDeadline)
        case .end(let body):
            guard let head else { return }
            setDeadline(nil)
            answer(head, body)
            answeredCount += 1
            if answeredCount >= Self.pipelineRun, link.input.count > 0 { yield() }
        }
    }
}

// Ending.
extension HTTPConnection {
    /// Waits for the other end to close first, so that no reset destroys the answer.
    func linger() {
        phase = .lingering
        link.transport.endWriting()
        link.input = InputBuffer()
        link.setReading([.reading, .ending])
        setDeadline(.seconds(2))
    }

    func end() {
        switch phase {
        case .ended: return
        case .answering(let task): task.cancel()
        case .streaming(let task, let writer):
            writer.close()
            task.cancel()
        case .reading, .closing, .lingering: break
        }
        phase = .ended
        link.loop.remove(link.id)
    }

    func setDeadline(_ limit: Duration?) {
        phaseDeadline = limit.map { link.loop.now + $0 }
        reschedule()
    }

    private func reschedule() {
        let stall = link.stalledSince.map { $0 + context.options.stallDeadline }
        let earliest = [stall, phaseDeadline].compactMap { $0 }.min()
        link.loop.setDeadline(earliest, for: link.id)
    }
}
