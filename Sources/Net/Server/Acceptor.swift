import CSystem
import Flow
import Glibc

/// Takes connections in at one address and deals them out to the loops in turn.
final class Acceptor: LoopMember {
    private let listener: ListeningSocket
    private let context: ServerContext
    private let loop: Loop
    private let id: MemberID
    private var next = 0

    /// Connections taken in one turn, so that those that are there are served too.
    private static let batch = 64

    private init(_ listener: ListeningSocket, context: ServerContext, loop: Loop) throws(SystemError) {
        self.listener = listener
        self.context = context
        self.loop = loop
        id = try loop.register(listener.descriptor.number, interest: .reading)
    }

    /// Begins to accept.
    static func start(_ listener: ListeningSocket, context: ServerContext, on loop: Loop) throws(SystemError) {
        let acceptor = try Acceptor(listener, context: context, loop: loop)
        loop.install(acceptor, as: acceptor.id)
    }

    func ready(_ readiness: Readiness) {
        for _ in 0..<Self.batch {
            var storage = sockaddr_storage()
            let number = Self.accept(listener.descriptor.number, &storage)
            guard number >= 0 else { return refused(errno) }
            guard let (ip, port) = IPAddress.read(storage) else {
                close(number)
                continue
            }
            deal(number, peer: SocketAddress(host: ip.text, port: port))
        }
    }

    func turnEnded() {}

    func deadlinePassed() { loop.watch(id, for: .reading) }

    func drain() { abandon() }

    func abandon() {
        loop.remove(id)
        listener.refuseAll()
    }

    /// Without descriptors or memory left, accepting pauses: the connections that wait stay in the kernel's queue.
    private func refused(_ code: Int32) {
        guard [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) else { return }
        context.log.limited("accept").warning("accept.failed", ["error": SystemError(code: code).description])
        loop.watch(id, for: [])
        loop.setDeadline(loop.now + .milliseconds(200), for: id)
    }

    private func deal(_ number: Int32, peer: SocketAddress) {
        SocketOption.set(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1, on: number)
        let lease: ConnectionCounter.Lease
        do throws(ConnectionCounter.Refusal) { lease = try context.connections.lease(peer: peer) } catch {
            return turnAway(number, peer, error)
        }
        context.counters.accepted.add()
        next = (next + 1) % context.threads.count
        let (port, entrance) = (listener.address.port, listener.entrance)
        let (context, tls) = (context, listener.tls)
        context.threads[next].run { loop in
            guard let socket = try? FileDescriptor(owning: number) else { return }
            let origin = ConnectionOrigin(peer: peer, localPort: port, entrance: entrance, lease: lease)
            if let tls { return TLSDoor.start(socket, tls, origin: origin, context: context, on: loop) }
            HTTPConnection.start(PlainTransport(socket), origin: origin, context: context, on: loop)
        }
    }

    private func turnAway(_ number: Int32, _ peer: SocketAddress, _ refusal: ConnectionCounter.Refusal) {
        context.counters.refused(by: refusal)
        context.log.limited(peer.host).warning(
            "connection.refused", ["peer": peer.host, "limit": refusal.rawValue])
        defer { close(number) }
        guard listener.tls == nil else { return }
        let reason = Array("too many connections (limit \(refusal.rawValue))\n".utf8)
        let answer = Array("\(Self.tooMany)Content-Length: \(reason.count)\r\n\r\n".utf8) + reason
        _ = unsafe answer.withUnsafeBytes { unsafe send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private static func accept(_ listener: Int32, _ storage: inout sockaddr_storage) -> Int32 {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe hearsay_accept(listener, $0, &length)
            }
        }
    }

    private static let tooMany =
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n"
}
