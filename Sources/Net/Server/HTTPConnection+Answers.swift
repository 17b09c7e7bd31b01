import Flow

// How requests are answered.
extension HTTPConnection {
    func answer(_ head: RequestHead, _ body: [UInt8]) {
        let request = HTTPRequest(
            method: head.method, path: head.target.path, segments: head.target.segments, query: head.target.query,
            rawTarget: head.target.raw, fields: head.fields, body: body, peer: origin.peer,
            isSecure: link.transport.isSecure, localPort: origin.localPort, entrance: origin.entrance)
        switch context.handler.reply(to: request) {
        case .now(let response): finish(response)
        case .later(let work): begin(work, on: body.count <= Self.shortBody ? link.loop.thread : nil)
        case .stream(let response, let work): begin(response, work)
        case .openLater(let work): begin(work)
        case .webSocket(let upgrade, let work): become(upgrade, work)
        case .refuseWebSocket(let upgrade, let code, let reason): refuse(upgrade, code, reason)
        }
    }

    /// Bytes of a body that is read in less than the time of a few other answers: about 2 ms for JSON.
    private static let shortBody = 4 * 1024

    /// - Parameter executor: The loop, which saves two changes of thread; nil where the loop would be held up.
    private func begin(_ work: @escaping @Sendable () async -> HTTPResponse, on executor: LoopThread?) {
        let (thread, id) = (link.loop.thread, link.id)
        phase = .answering(
            context.tasks.start(on: executor) {
                let response = await work()
                thread.run { loop in (loop.member(id) as? HTTPConnection)?.finish(response) }
            })
    }

    private func begin(_ response: HTTPResponse, _ work: @escaping @Sendable (BodyWriter) async -> Void) {
        guard let head, head.method != "HEAD" else { return finish(response) }
        let (thread, id) = (link.loop.thread, link.id)
        // HTTP/1.0 knows no chunks: there the end of the connection ends the body.
        let writer = BodyWriter(thread: thread, member: id, isChunked: head.knowsChunks)
        if !head.knowsChunks { endsAfterAnswer = true }
        streamed = 0
        sendHead(of: response, body: head.knowsChunks ? .chunked : .none)
        streamed += link.send(head.knowsChunks ? MessageEncoder.chunk(response.body) : response.body)
        phase = .streaming(
            context.tasks.start {
                await work(writer)
                thread.run { loop in (loop.member(id) as? HTTPConnection)?.finishStream() }
            }, writer)
    }

    private func begin(_ work: @escaping @Sendable (BodyOpener) async throws -> HTTPResponse?) {
        guard let head else { return }
        let (thread, id) = (link.loop.thread, link.id)
        let opener = BodyOpener(thread: thread, member: id, isChunked: head.knowsChunks)
        phase = .answering(
            context.tasks.start {
                do {
                    let response = try await work(opener)
                    thread.run { loop in (loop.member(id) as? HTTPConnection)?.conclude(response) }
                } catch {
                    thread.run { loop in (loop.member(id) as? HTTPConnection)?.end() }
                }
            })
    }

    /// Sends the head that a task has decided upon; its body follows.
    func open(_ response: HTTPResponse, _ writer: BodyWriter) {
        guard let head, case .answering(let task) = phase else { return writer.close() }
        if !head.knowsChunks { endsAfterAnswer = true }
        streamed = 0
        sendHead(of: response, body: head.knowsChunks ? .chunked : .none)
        phase = .streaming(task, writer)
    }

    private func conclude(_ response: HTTPResponse?) {
        switch (phase, response) {
        case (.answering, let response?): finish(response)
        case (.streaming, nil): finishStream()
        default: end()
        }
    }

    /// Whether another request may follow the present one.
    private var mayContinue: Bool { !endsAfterAnswer && head?.keepsAlive == true }

    /// Sends the answer to the present request.
    func finish(_ response: HTTPResponse) {
        guard let head else { return }
        let body: MessageEncoder.ResponseBody =
            head.method == "HEAD" ? .counted(response.body.count) : .whole(response.body)
        sendHead(of: response, body: body)
        next()
    }

    private func sendHead(of response: HTTPResponse, body: MessageEncoder.ResponseBody) {
        var response = response
        // A client of HTTP/1.0 must be told that the connection stays.
        if mayContinue, head?.knowsChunks == false { response.fields.append("Connection", "keep-alive") }
        streamed += link.send(
            MessageEncoder.response(response, body: body, closes: !mayContinue, date: link.loop.buffers.date.now()))
    }

    /// Queues a piece of a streamed body; one that comes after its end is dropped.
    func write(_ bytes: [UInt8], by writer: BodyWriter) {
        guard case .streaming(_, let current) = phase, current === writer else { return }
        streamed += link.send(bytes)
    }

    private func finishStream() {
        guard case .streaming(_, let writer) = phase else { return }
        writer.close()
        if head?.knowsChunks == true { link.send(MessageEncoder.lastChunk) }
        next()
    }

    /// Goes on after an answer.
    func next() {
        let continues = mayContinue
        head = nil
        phase = continues ? .reading : .closing
        setDeadline(continues ? context.options.idleDeadline : .seconds(30))
        link.loop.flushLater(link.id)
    }

    /// Answers what is no request, and reads no further: where the next one begins is unknown.
    func refuse(_ response: HTTPResponse) {
        link.send(
            MessageEncoder.response(
                response, body: .whole(response.body), closes: true, date: link.loop.buffers.date.now()))
        head = nil
        phase = .closing
        link.input = InputBuffer()
        setDeadline(.seconds(5))
    }
}
