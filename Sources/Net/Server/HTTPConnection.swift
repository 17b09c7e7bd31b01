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
    /// Bytes of the streamed body given to the link.
    private var streamed = 0
    /// When the present phase has taken too long.
    private var phaseDeadline: Duration?
    private var isDraining = false

    /// Pipelined requests wait while more than this is unsent, or came before their turn.
    private static let pipelineBytes = 64 * 1024

    private init(_ transport: any Transport, origin: ConnectionOrigin, context: ServerContext, loop: Loop)
        throws(SystemError)
    {
        link = try Link(transport, on: loop, interest: [.reading, .ending])
        self.origin = origin
        self.context = context
        parser = RequestParser(limits: context.options.limits.parsing)
    }

    /// Begins to serve a socket; closes it if the loop cannot take it.
    static func start(_ transport: any Transport, origin: ConnectionOrigin, context: ServerContext, on loop: Loop) {
        guard let connection = try? HTTPConnection(transport, origin: origin, context: context, loop: loop)
        else { return }
        loop.install(connection, as: connection.link.id)
        connection.setDeadline(context.options.headDeadline)
    }
}

// What the loop tells.
extension HTTPConnection {
    func ready(_ readiness: Readiness) {
        if readiness.hasFailed, !readiness.isReadable { return end() }
        if readiness.isReadable || readiness.hasEnded { read() }
        if readiness.isWritable { turnEnded() }
    }

    func turnEnded() {
        if case .ended = phase { return }
        let result = link.flush()
        if case .streaming(_, let writer) = phase { writer.sent(streamed - link.output.byteCount) }
        switch (result, phase) {
        case (.failed, _): end()
        case (.blocked, _): reschedule()
        case (.drained, .closing): linger()
        case (.drained, .reading): if isDraining, isIdle { end() } else { advance() }
        case (.drained, _): break
        }
    }

    func deadlinePassed() {
        let now = link.loop.now
        if let since = link.stalledSince, now - since >= context.options.stallDeadline { return end() }
        guard let phaseDeadline, now >= phaseDeadline else { return reschedule() }
        switch phase {
        case .reading where isIdle: end()
        case .reading: refuse(.text("the request took too long\n", status: 408))
        default: end()
        }
    }

    func drain() {
        isDraining = true
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
        switch (outcome, phase) {
        case (.wouldBlock, _): break
        case (.ended, .closing): link.setReading([])
        case (.ended, _), (.failed, _): end()
        case (.transferred, .lingering), (.transferred, .closing): link.input = InputBuffer()
        case (.transferred, .reading): advance()
        case (.transferred, _):
            // Pipelined requests wait; the end of the connection must still be seen.
            if link.input.count > Self.pipelineBytes { link.setReading(.ending) }
        }
    }

    /// Reads and answers requests until one has to wait.
    func advance() {
        while case .reading = phase, link.output.byteCount <= Self.pipelineBytes {
            let wasBetween = parser.isBetweenRequests && link.input.count > 0
            do throws(HTTPParseError) {
                guard let event = try nextEvent() else {
                    if wasBetween, head == nil { setDeadline(context.options.headDeadline) }
                    return
                }
                handle(event)
            } catch {
                refuse(.text("\(error)\n", status: error.status))
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
        }
    }

    private func answer(_ head: RequestHead, _ body: [UInt8]) {
        let request = HTTPRequest(
            method: head.method, path: head.target.path, query: head.target.query, rawTarget: head.target.raw,
            fields: head.fields, body: body, peer: origin.peer, isSecure: link.transport.isSecure,
            localPort: origin.localPort)
        switch context.handler.reply(to: request) {
        case .now(let response): finish(response)
        case .later(let work): begin(work)
        case .stream(let response, let work): begin(response, work)
        case .webSocket(let upgrade, let work): become(upgrade, work)
        case .refuseWebSocket(let upgrade, let code, let reason): refuse(upgrade, code, reason)
        }
    }

    private func begin(_ work: @escaping @Sendable () async -> HTTPResponse) {
        let (thread, id) = (link.loop.thread, link.id)
        phase = .answering(
            context.tasks.start {
                let response = await work()
                thread.run { loop in (loop.member(id) as? HTTPConnection)?.finish(response) }
            })
    }

    private func begin(_ response: HTTPResponse, _ work: @escaping @Sendable (BodyWriter) async -> Void) {
        guard let head, head.method != "HEAD" else { return finish(response) }
        let (thread, id) = (link.loop.thread, link.id)
        // HTTP/1.0 knows no chunks: there the end of the connection ends the body.
        let writer = BodyWriter(thread: thread, member: id, isChunked: head.knowsChunks)
        let body: MessageEncoder.ResponseBody = head.knowsChunks ? .chunked : .none
        let bytes = MessageEncoder.response(
            response, body: body, closes: !mayContinue, date: link.loop.buffers.date.now())
        streamed = 0
        write(bytes)
        if !response.body.isEmpty { write(head.knowsChunks ? MessageEncoder.chunk(response.body) : response.body) }
        phase = .streaming(
            context.tasks.start {
                await work(writer)
                thread.run { loop in (loop.member(id) as? HTTPConnection)?.finishStream() }
            }, writer)
    }
}

// Answering.
extension HTTPConnection {
    /// Whether another request may follow the present one.
    private var mayContinue: Bool { !isDraining && head?.keepsAlive == true }

    /// Sends the answer to the present request.
    private func finish(_ response: HTTPResponse) {
        guard let head else { return }
        let body: MessageEncoder.ResponseBody =
            head.method == "HEAD" ? .counted(response.body.count) : .whole(response.body)
        link.send(
            MessageEncoder.response(
                response, body: body, closes: !mayContinue, date: link.loop.buffers.date.now()))
        next()
    }

    /// Queues a piece of a streamed body.
    func write(_ bytes: [UInt8]) {
        streamed += bytes.count
        link.send(bytes)
    }

    private func finishStream() {
        guard case .streaming(_, let writer) = phase else { return }
        writer.close()
        if head?.knowsChunks == true { link.send(MessageEncoder.lastChunk) }
        next()
    }

    /// Goes on after an answer.
    private func next() {
        let continues = mayContinue
        head = nil
        phase = continues ? .reading : .closing
        setDeadline(continues ? context.options.idleDeadline : .seconds(30))
        link.setReading([.reading, .ending])
        link.loop.flushLater(link.id)
    }

    /// Answers what is no request, and reads no further: where the next one begins is unknown.
    private func refuse(_ response: HTTPResponse) {
        link.send(
            MessageEncoder.response(
                response, body: .whole(response.body), closes: true, date: link.loop.buffers.date.now()))
        head = nil
        phase = .closing
        link.input = InputBuffer()
        setDeadline(.seconds(5))
    }

    /// Waits for the other end to close first, so that no reset destroys the answer.
    private func linger() {
        phase = .lingering
        link.transport.endWriting()
        link.input = InputBuffer()
        link.setReading([.reading, .ending])
        setDeadline(.seconds(2))
    }

    private func end() {
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

    private func setDeadline(_ limit: Duration?) {
        phaseDeadline = limit.map { link.loop.now + $0 }
        reschedule()
    }

    private func reschedule() {
        let stall = link.stalledSince.map { $0 + context.options.stallDeadline }
        let earliest = [stall, phaseDeadline].compactMap { $0 }.min()
        link.loop.setDeadline(earliest, for: link.id)
    }
}
