import CSystem
import Flow
import Glibc

/// One request on the client's loop: dialling, sending, and reading the answer.
final class ClientConnection: LoopMember {
    private enum Phase {
        /// The other addresses are tried when this one fails.
        case dialling(rest: ArraySlice<IPAddress>)
        case shakingHands(TLSTransport)
        case exchanging
        case ended
    }

    private let call: ClientCall
    private let link: Link
    private let peer: SocketAddress
    private let deadline: Duration
    private var phase: Phase
    private var parser: ResponseParser
    private var isPaused = false

    private init(
        _ call: ClientCall, _ transport: any Transport, peer: SocketAddress, rest: ArraySlice<IPAddress>,
        deadline: Duration, loop: Loop
    ) throws(SystemError) {
        self.call = call
        self.peer = peer
        self.deadline = deadline
        link = try Link(transport, on: loop, interest: .writing)
        phase = .dialling(rest: rest)
        parser = ResponseParser(method: call.method, limits: Self.limits)
    }

    /// Connects to the first address that answers.
    ///
    /// - Parameter deadline: When it has taken too long; nil begins to count now.
    static func dial(
        _ call: ClientCall, _ addresses: ArraySlice<IPAddress>, port: Int, failed deadline: Duration?, on loop: Loop
    ) {
        let deadline = deadline ?? loop.now + (call.connectTimeout ?? call.timeout)
        var rest = addresses
        while let address = rest.popFirst() {
            guard let socket = try? FileDescriptor(owning: hearsay_stream_socket(address.family)) else { continue }
            SocketOption.set(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1, on: socket.number)
            let number = socket.number
            let status = unsafe address.withSystemAddress(port: port) { unsafe connect(number, $0, $1) }
            guard status == 0 || errno == EINPROGRESS else { continue }
            guard let transport = transport(socket, call.tls) else { continue }
            let connection = try? ClientConnection(
                call, transport, peer: SocketAddress(host: address.text, port: port), rest: rest,
                deadline: deadline, loop: loop)
            guard let connection else { continue }
            loop.install(connection, as: connection.link.id)
            loop.setDeadline(deadline, for: connection.link.id)
            if !call.begin(as: connection.link.id) { connection.abandon() }
            return
        }
        call.end(.unreachable(call.place))
    }

    private static func transport(_ socket: consuming FileDescriptor, _ tls: ClientTLS?) -> (any Transport)? {
        guard let tls else { return PlainTransport(socket) }
        return TLSTransport(socket, client: tls.context, host: tls.host)
    }

    /// A caller bounds what it collects; a stream has no bound.
    private static var limits: ParseLimits {
        var limits = ParseLimits()
        limits.headBytes = 64 * 1024
        limits.bodyBytes = .max
        return limits
    }
}

// What the loop tells.
extension ClientConnection {
    func ready(_ readiness: Readiness) {
        switch phase {
        case .ended: return
        case .dialling(let rest):
            guard SocketOption.get(SOL_SOCKET, SO_ERROR, of: link.transport.descriptor) == 0, !readiness.hasFailed
            else { return dialNext(rest) }
            guard let transport = link.transport as? TLSTransport else { return begin() }
            phase = .shakingHands(transport)
            shakeHands(transport)
        case .shakingHands(let transport): shakeHands(transport)
        case .exchanging:
            if link.mayRead(readiness) || readiness.hasFailed { read() }
            if link.mayWrite(readiness) { turnEnded() }
        }
    }

    private func begin() {
        phase = .exchanging
        if call.connectTimeout != nil { link.loop.setDeadline(link.loop.now + call.timeout, for: link.id) }
        link.setReading([.reading, .ending])
        link.send(call.request)
    }

    private func shakeHands(_ transport: TLSTransport) {
        switch transport.handshake() {
        case .waiting(let interest): link.setReading(interest)
        case .done: begin()
        case .failed(let error): end(ClientError(error))
        }
    }

    func turnEnded() {
        guard case .exchanging = phase else { return }
        if link.flush() == .failed { end(.closed) }
    }

    func deadlinePassed() { end(.timedOut) }

    func drain() {}

    func abandon() { end(.cancelled) }

    func resumeReading() {
        guard isPaused, case .exchanging = phase else { return }
        isPaused = false
        link.setReading([.reading, .ending])
        advance()
    }

    private func dialNext(_ rest: ArraySlice<IPAddress>) {
        phase = .ended
        let (call, loop, port, deadline) = (call, link.loop, peer.port, deadline)
        loop.remove(link.id)
        Self.dial(call, rest, port: port, failed: deadline, on: loop)
    }
}

// The answer.
extension ClientConnection {
    private func read() {
        switch link.read() {
        case .transferred: advance()
        case .wouldBlock: break
        case .ended: end(parser.connectionEnded() ? nil : .closed)
        // Not the end that the other end meant, so what came may be cut.
        case .failed: end(.closed)
        }
    }

    private func advance() {
        while case .exchanging = phase, !isPaused {
            do throws(HTTPParseError) {
                guard let event = try nextEvent() else { return }
                handle(event)
            } catch {
                end(.badResponse)
            }
        }
    }

    private func nextEvent() throws(HTTPParseError) -> ResponseParser.Event? {
        let input = link.input
        let (used, event) = try parser.next(input.bytes.span.extracting(input.start..<input.bytes.count))
        link.input.consume(used)
        return event
    }

    private func handle(_ event: ResponseParser.Event) {
        switch event {
        case .head(let head):
            guard case .http = call.purpose else { return open(head) }
            // RFC 9110, section 15.2.2: nothing else was asked for.
            guard head.status != 101 else { return end(.badResponse) }
            if !call.limitsBody { link.loop.setDeadline(nil, for: link.id) }
            call.received(head)
        case .body(let piece):
            guard !call.received(piece) else { return }
            isPaused = true
            link.setReading([])
        case .end: end(nil)
        }
    }

    /// Becomes a WebSocket; what came behind the handshake is already its own.
    private func open(_ head: ResponseHead) {
        guard case .webSocket(let handshake, let options) = call.purpose else { return }
        do throws(ClientHandshake.Refusal) {
            let selected = try handshake.check(head)
            let state = WebSocketState()
            let connection = WebSocketConnection(link: link, state: state, options: options)
            phase = .ended
            link.loop.install(connection, as: link.id)
            call.opened(
                WebSocket(
                    thread: link.loop.thread, member: link.id, state: state, peer: peer, selectedProtocol: selected))
            connection.begin()
        } catch {
            switch error {
            case .status(let status): end(.refused(status: status))
            case .badAnswer: end(.badResponse)
            }
        }
    }

    private func end(_ error: ClientError?) {
        if case .ended = phase { return }
        phase = .ended
        call.end(error)
        link.loop.remove(link.id)
    }
}
