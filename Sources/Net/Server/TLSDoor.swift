import Flow
import Glibc
import Secrets

/// The first moments of a connection to a port with TLS: it shakes hands and becomes an HTTP connection.
///
/// One whose first byte is no TLS is told where to go instead.
final class TLSDoor: LoopMember {
    private enum Phase {
        /// Nothing has come yet.
        case silent
        case shaking(TLSTransport, lease: ConnectionCounter.Lease)
        case ended
    }

    private let loop: Loop
    private let id: MemberID
    private let tls: ServerTLS
    private let origin: ConnectionOrigin
    private let context: ServerContext
    /// Until a transport owns it.
    private var socket: FileDescriptor?
    private var phase = Phase.silent

    /// RFC 8446, section 5.1: the content type of a handshake, with which each connection begins.
    private static let handshakeType: UInt8 = 22

    private init(
        _ socket: consuming FileDescriptor, _ tls: ServerTLS, origin: ConnectionOrigin, context: ServerContext,
        loop: Loop
    ) throws(SystemError) {
        id = try loop.register(socket.number, interest: .reading)
        self.socket = consume socket
        self.tls = tls
        self.origin = origin
        self.context = context
        self.loop = loop
    }

    /// Begins with a socket just accepted; closes it if the loop cannot take it.
    static func start(
        _ socket: consuming FileDescriptor, _ tls: ServerTLS, origin: ConnectionOrigin, context: ServerContext,
        on loop: Loop
    ) {
        guard let door = try? TLSDoor(socket, tls, origin: origin, context: context, loop: loop) else { return }
        loop.install(door, as: door.id)
        loop.setDeadline(loop.now + context.options.handshakeDeadline, for: door.id)
    }

    func ready(_ readiness: Readiness) {
        if readiness.hasFailed, !readiness.isReadable { return end() }
        if case .silent = phase { begin() }
        if case .shaking(let transport, _) = phase { advance(transport) }
    }

    func turnEnded() {}

    func deadlinePassed() {
        tell("too_slow")
        end()
    }

    func drain() { end() }

    func abandon() { end() }

    /// Looks at the first byte and leaves it where it is.
    private func begin() {
        guard let number = socket?.number else { return end() }
        var first: UInt8 = 0
        let count = unsafe recv(number, &first, 1, Int32(MSG_PEEK))
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count == 1 else { return end() }
        if first == Self.handshakeType { shakeHands() } else { redirect() }
    }

    private func shakeHands() {
        guard let lease = try? context.handshakes.lease(peer: origin.peer) else {
            tell("too_many_handshakes")
            return end()
        }
        guard let socket = socket.take(), let transport = TLSTransport(socket, server: tls.context)
        else { return end() }
        phase = .shaking(transport, lease: lease)
    }

    private func redirect() {
        end()
        guard let socket = socket.take() else { return }
        HTTPConnection.start(
            PlainTransport(socket), origin: origin, context: context.redirecting, on: loop, endsAfterAnswer: true)
    }

    private func advance(_ transport: TLSTransport) {
        switch transport.handshake() {
        case .waiting(let interest): loop.watch(id, for: interest)
        case .done:
            end()
            HTTPConnection.start(transport, origin: origin, context: context, on: loop)
        case .failed(let error):
            tell("\(error)")
            end()
        }
    }

    private func tell(_ reason: String) {
        context.log.limited(origin.peer.host).debug(
            "handshake.failed", ["peer": origin.peer.host, "reason": reason])
    }

    /// Leaves the loop; the socket closes with its owner.
    private func end() {
        if case .ended = phase { return }
        phase = .ended
        loop.remove(id)
    }
}
