import Flow
import Net

/// Who listens to what.
final class Topics: Sendable {
    private let listeners = Monitor<[String: [WebSocket]]>([:])

    /// Sends every message on to those who listen at that time.
    func publish(from socket: WebSocket, to topic: String) async {
        while let message = await socket.receive() {
            guard case .binary(let bytes) = message else { continue }
            WebSocket.send(Frame.binary(bytes), to: listeners.withLock { $0[topic] ?? [] })
        }
    }

    /// Listens until the connection is over.
    func listen(_ socket: WebSocket, to topic: String) async {
        listeners.withLock { $0[topic, default: []].append(socket) }
        while await socket.receive() != nil {}
        listeners.withLock { $0[topic]?.removeAll { $0 === socket } }
    }
}
