import Flow

// How an HTTP connection becomes a WebSocket.
extension HTTPConnection {
    /// Answers 101 and hands the socket, and what came behind the request, to a WebSocket.
    func become(_ upgrade: WebSocketUpgrade, _ work: @escaping @Sendable (WebSocket) async -> Void) {
        let (connection, socket) = switchProtocol(upgrade)
        // On its loop, which saves a message two changes of thread; the handler of a WebSocket may not block.
        connection.task = context.tasks.start(on: link.loop.thread) {
            await work(socket)
            socket.close()
        }
        connection.begin()
    }

    /// Answers 101 and closes at once.
    func refuse(_ upgrade: WebSocketUpgrade, _ code: UInt16, _ reason: String) {
        let (connection, _) = switchProtocol(upgrade)
        connection.begin()
        connection.close(code: code, reason: reason)
    }

    private func switchProtocol(_ upgrade: WebSocketUpgrade) -> (WebSocketConnection, WebSocket) {
        link.send(
            MessageEncoder.response(
                upgrade.response, body: .none, closes: false, date: link.loop.buffers.date.now()))
        // Out at once: a WebSocket that fails on its first frame drops what has not begun to go out.
        _ = link.flush()
        let state = WebSocketState()
        var options = context.options.webSocket(upgrade.kind)
        if let messageBytes = upgrade.messageBytes { options.messageBytes = messageBytes }
        let connection = WebSocketConnection(link: link, state: state, options: options, holding: origin.lease)
        let socket = WebSocket(
            thread: link.loop.thread, member: link.id, state: state, peer: origin.peer,
            selectedProtocol: upgrade.selectedProtocol)
        phase = .ended
        link.loop.install(connection, as: link.id)
        return (connection, socket)
    }
}
