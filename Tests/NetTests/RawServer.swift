import CSystem
import Flow
import Glibc

@testable import Net

/// A server that says exactly what a test says, to try clients with.
actor RawServer {
    private let thread = DedicatedThread(label: "test.server")
    private let listener: ListeningSocket

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Listens on a port of the system's choice.
    init() throws {
        listener = try ListeningSocket(
            ServerOptions.Endpoint(address: SocketAddress(host: "127.0.0.1", port: 0)), onlyVersion6: true)
        // Nothing here takes as long; a test that would wait for ever fails instead.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        let number = listener.descriptor.number
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) & ~O_NONBLOCK)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    nonisolated var port: Int { listener.address.port }

    /// The next client.
    func accept() throws -> RawClient {
        let socket = Glibc.accept(listener.descriptor.number, nil, nil)
        guard socket >= 0 else { throw RawClient.Failure(code: errno) }
        return RawClient(socket: socket)
    }

    /// The next client, after its handshake was answered; `behind` leaves in the same write.
    func acceptWebSocket(sending behind: [UInt8] = []) async throws -> RawClient {
        let client = try accept()
        let request = await client.receive(until: "\r\n\r\n")
        let key = request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }?.dropFirst(19)
        let answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(WebSocketUpgrade.accept(key: String(key ?? "")))\r\n\r\n"
        await client.send(Array(answer.utf8) + behind)
        return client
    }
}
