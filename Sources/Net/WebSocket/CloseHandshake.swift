/// The closing of a WebSocket: one close frame each way, then the socket (RFC 6455, section 7).
struct CloseHandshake {
    enum Action: Hashable {
        case nothing
        /// Send this frame, the last one; with `thenEnd` the socket goes when it is out.
        case send(code: UInt16, reason: String, thenEnd: Bool)
        case end
    }

    private enum State: Hashable {
        case open
        case closeSent
        case closeReceived
        case complete
    }

    private var state = State.open
    private let role: WebSocketRole
    /// How it ended, as far as is known.
    private(set) var outcome = WebSocketClose(code: WebSocketClose.abnormal)

    init(role: WebSocketRole) { self.role = role }

    /// Whether messages may still be sent.
    var maySend: Bool { state == .open }

    /// Whether messages that arrive still count.
    var mayReceive: Bool { state == .open }

    /// This end wants to close.
    mutating func close(code: UInt16, reason: String) -> Action {
        guard state == .open else { return .nothing }
        state = .closeSent
        outcome = WebSocketClose(code: code, reason: reason)
        return .send(code: code, reason: reason, thenEnd: false)
    }

    /// This end gives up on a peer that breaks the rules, or takes nothing: it does not wait for an answer.
    mutating func fail(code: UInt16, reason: String) -> Action {
        defer { state = .complete }
        guard state == .open else { return .end }
        outcome = WebSocketClose(code: code, reason: reason)
        return .send(code: code, reason: reason, thenEnd: true)
    }

    /// The other end's close frame came.
    ///
    /// The server ends the connection, the client waits for that.
    mutating func received(code: UInt16, reason: String) -> Action {
        switch state {
        case .open:
            state = .closeReceived
            outcome = WebSocketClose(code: code, reason: reason, wasClean: true)
            return .send(code: code, reason: "", thenEnd: role == .server)
        case .closeSent:
            state = .complete
            outcome = WebSocketClose(code: outcome.code, reason: outcome.reason, wasClean: true)
            return role == .server ? .end : .nothing
        case .closeReceived, .complete:
            return .nothing
        }
    }
}
