import Flow

/// One request of a client, and what came back of the answer; shared by the caller and the connection.
final class ClientCall: Sendable {
    /// What the call is for.
    enum Purpose: Sendable {
        case http
        case webSocket(ClientHandshake, WebSocketOptions)
    }

    private struct Contents: Sendable {
        var member: MemberID?
        var head: ResponseHead?
        var socket: WebSocket?
        var pieces: [[UInt8]] = []
        var queuedBytes = 0
        var isPaused = false
        var isCancelled = false
        /// Nil inside for an answer that is complete.
        var ending: ClientError??
    }

    let request: [UInt8]
    let method: String
    let purpose: Purpose
    let timeout: Duration
    /// Until there is a connection, TLS included; the time limit counts from then.
    ///
    /// Nil where it counts from the start.
    let connectTimeout: Duration?
    /// Whether the time limit holds for the whole answer, or for its head alone.
    let limitsBody: Bool
    /// For errors: host and port.
    let place: String
    /// Nil for a connection without TLS.
    let tls: ClientTLS?
    private let thread: LoopThread
    private let contents = Monitor(Contents())

    /// Bytes of a body that may wait for the caller.
    private static let window = 1 << 20

    init(
        method: String, request: [UInt8], purpose: Purpose, timeout: Duration, connectTimeout: Duration?,
        limitsBody: Bool, place: String, tls: ClientTLS?, thread: LoopThread
    ) {
        self.method = method
        self.request = request
        self.purpose = purpose
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.limitsBody = limitsBody
        self.place = place
        self.tls = tls
        self.thread = thread
    }
}

// The caller's side.
extension ClientCall {
    func start(_ addresses: [IPAddress], port: Int) {
        thread.run { loop in ClientConnection.dial(self, addresses[...], port: port, failed: nil, on: loop) }
    }

    func head() async throws(ClientError) -> ResponseHead {
        try await wait { contents -> ResponseHead? in contents.head }
    }

    func socket() async throws(ClientError) -> WebSocket {
        try await wait { contents -> WebSocket? in
            defer { contents.socket = nil }
            return contents.socket
        }
    }

    /// The next piece of the body; nil at its end.
    func nextPiece() async throws(ClientError) -> [UInt8]? {
        let (piece, resumes) = try await wait { contents -> ([UInt8]?, Bool)? in
            if contents.pieces.isEmpty {
                if case .some(.none) = contents.ending { return (nil, false) }
                return nil
            }
            let piece = contents.pieces.removeFirst()
            contents.queuedBytes -= piece.count
            let resumes = contents.isPaused && contents.queuedBytes <= Self.window / 2
            if resumes { contents.isPaused = false }
            return (piece, resumes)
        }
        if resumes { onConnection { $0.resumeReading() } }
        return piece
    }

    /// Ends the call, whatever its state.
    func cancel() {
        contents.update { $0.isCancelled = true }
        onConnection { $0.abandon() }
    }

    private func wait<Result: Sendable>(
        _ attempt: (inout Contents) -> Result?
    ) async throws(ClientError) -> Result {
        let result: Swift.Result<Result, ClientError>? = await contents.wait { contents in
            if let result = attempt(&contents) { return .success(result) }
            guard let ending = contents.ending else { return nil }
            return .failure(ending ?? .closed)
        }
        guard let result else {
            cancel()
            throw .cancelled
        }
        return try result.get()
    }

    private func onConnection(_ work: @escaping @Sendable (ClientConnection) -> Void) {
        thread.run { loop in
            guard let member = self.contents.withLock({ $0.member }) else { return }
            if let connection = loop.member(member) as? ClientConnection { work(connection) }
        }
    }
}

// The connection's side.
extension ClientCall {
    /// - Returns: False if nobody waits any more.
    func begin(as member: MemberID) -> Bool {
        contents.withLock { contents in
            contents.member = member
            return !contents.isCancelled
        }
    }

    func received(_ head: ResponseHead) { contents.update { $0.head = head } }

    func opened(_ socket: WebSocket) { contents.update { $0.socket = socket } }

    /// - Returns: Whether there is room for more; if not, reading resumes by `nextPiece`.
    func received(_ piece: [UInt8]) -> Bool {
        contents.update { contents in
            contents.pieces.append(piece)
            contents.queuedBytes += piece.count
            contents.isPaused = contents.queuedBytes >= Self.window
            return !contents.isPaused
        }
    }

    /// - Parameter error: Nil for an answer that is complete.
    func end(_ error: ClientError?) {
        contents.update { contents in
            if contents.ending == nil { contents.ending = .some(error) }
        }
    }
}
