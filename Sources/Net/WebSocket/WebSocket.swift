import Synchronization

/// How a WebSocket takes what is sent.
package struct SendPressure: Sendable, Hashable {
    /// Bytes that wait in this process.
    package var unsentBytes: Int
    /// Bytes that the kernel holds because the other end has not acknowledged them.
    package var unacknowledgedBytes: Int
    /// How long the other end has taken nothing while something waits here or in the kernel; nil when all is taken.
    ///
    /// What the kernel holds is looked at when asked, so this is as fine as the asking is frequent.
    package var stalledFor: Duration?
}

/// One WebSocket, at either end, for any task; the connection itself lives on its loop.
///
/// Letting go of it closes it.
package final class WebSocket: Sendable {
    /// Unlike any other in this process.
    package let id: UInt64
    /// The other end.
    package let peer: SocketAddress
    /// What the handshake agreed upon.
    package let selectedProtocol: String?

    private let thread: LoopThread
    private let member: MemberID
    private let state: WebSocketState

    private static let lastID = Atomic<UInt64>(0)

    init(thread: LoopThread, member: MemberID, state: WebSocketState, peer: SocketAddress, selectedProtocol: String?) {
        id = Self.lastID.add(1, ordering: .relaxed).newValue
        self.thread = thread
        self.member = member
        self.state = state
        self.peer = peer
        self.selectedProtocol = selectedProtocol
    }

    deinit { Self.onLoop(thread, member) { $0.close(code: WebSocketClose.goingAway, reason: "") } }

    /// The next message; nil once the connection is over and all was read, or when the task is cancelled.
    ///
    /// The socket is not read while 64 messages or 1 MiB wait here.
    package func receive() async -> WebSocketMessage? {
        guard let next = await state.next() else { return nil }
        if next.resumesReading { onLoop { $0.resumeReading() } }
        return next.message
    }

    /// Sends a frame; never waits, and keeps the order of all sends of this handle.
    package func send(_ frame: Frame) { thread.post(.send(member, frame)) }

    /// Sends frames that leave in one write.
    package func send(_ frames: [Frame]) {
        onLoop { connection in
            for frame in frames { connection.sendFrame(frame) }
        }
    }

    /// Sends a text message.
    package func send(text: String) { send(Frame.text(text)) }

    /// Sends a binary message.
    package func send(binary: [UInt8]) { send(Frame.binary(binary)) }

    /// Sends one frame to many sockets: one letter per loop, and each socket shares the frame's bytes.
    package static func send(_ frame: Frame, to sockets: [WebSocket]) {
        guard let first = sockets.first?.thread else { return }
        var members: [MemberID] = []
        members.reserveCapacity(sockets.count)
        var others: [WebSocket] = []
        for socket in sockets {
            if socket.thread === first { members.append(socket.member) } else { others.append(socket) }
        }
        first.post(.sendToMany(members, frame))
        send(frame, to: others)
    }

    /// Sends a frame before anything that has not begun to go out, and drops unsent frames that carry `tag`.
    package func sendUrgent(_ frame: Frame, discarding tag: UInt32? = nil) {
        onLoop { $0.sendUrgent(frame, discarding: tag) }
    }

    /// Measures a round trip, behind everything sent before.
    ///
    /// - Returns: Nil if there is no answer within the pong timeout, or the connection is over.
    package func ping() async -> Duration? {
        let question = state.question()
        onLoop { $0.ping(question) }
        guard case .pong(let duration)? = await state.answer(to: question) else { return nil }
        return duration
    }

    /// How the other end takes what is sent; nothing waits once the connection is over.
    package func pressure() async -> SendPressure {
        let question = state.question()
        onLoop { $0.answerPressure(question) }
        guard case .pressure(let pressure)? = await state.answer(to: question) else {
            return SendPressure(unsentBytes: 0, unacknowledgedBytes: 0, stalledFor: nil)
        }
        return pressure
    }

    /// Waits until at most so many bytes wait unsent in this process.
    ///
    /// - Returns: False when the connection is over, or the task was cancelled.
    package func waitForRoom(within byteCount: Int) async -> Bool {
        let question = state.question()
        onLoop { $0.answerRoom(question, within: byteCount) }
        guard case .room? = await state.answer(to: question) else { return false }
        return true
    }

    /// Begins the closing handshake, behind everything sent before.
    package func close(code: UInt16 = WebSocketClose.normal, reason: String = "") {
        onLoop { $0.close(code: code, reason: reason) }
    }

    /// How it ended; nil while it lives.
    package var closeStatus: WebSocketClose? {
        get async { state.ending }
    }

    private func onLoop(_ work: @escaping @Sendable (WebSocketConnection) -> Void) {
        Self.onLoop(thread, member, work)
    }

    private static func onLoop(
        _ thread: LoopThread, _ member: MemberID, _ work: @escaping @Sendable (WebSocketConnection) -> Void
    ) {
        thread.run { loop in
            if let connection = loop.member(member) as? WebSocketConnection { work(connection) }
        }
    }
}
