private import Flow
private import Glibc
internal import Wyoming

/// One connection to a worker, used on the worker's own thread, where its calls may block.
actor EngineLine {
    private let worker: Worker
    private var connection: WyomingConnection?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe worker.thread.asUnownedSerialExecutor() }

    init(_ worker: Worker) {
        self.worker = worker
    }

    /// Asks for speech; the answers come from `next`.
    func ask(_ request: SynthesizeRequest, interruption: Interruption) throws(TransportError) {
        let connection = try WyomingConnection.connect(to: worker.address)
        interruption.arm(connection.handle)
        try connection.send(.synthesize(request))
        self.connection = consume connection
    }

    /// The next event; nil when the worker has closed the connection.
    func next(silenceLimit: Duration) throws(TransportError) -> WyomingEvent? {
        try connection?.receive(timeout: silenceLimit) ?? nil
    }

    func close() {
        connection = nil
    }

    /// Tries until the engine says what it offers; nil when time is up or its process has ended.
    func firstInfo(within limit: Duration) -> Info? {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        var pause: UInt32 = 1_000
        while clock.now < deadline, worker.process?.hasEnded != true {
            if let info = try? describe(until: deadline) { return info }
            // A socket that does not exist yet cannot be waited for; this is the line's own thread, which may block.
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
        return nil
    }

    /// Whether the worker is without work, or becomes so in time.
    func isFree(within limit: Duration) -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while clock.now < deadline {
            guard let isBusy = try? isBusy(until: deadline) else { return false }
            if !isBusy { return true }
            // A worker cannot tell when it becomes free, it can only be asked; the thread is the line's own.
            usleep(2_000)
        }
        return false
    }

    private func describe(until deadline: ContinuousClock.Instant) throws(TransportError) -> Info? {
        var connection = try WyomingConnection.connect(to: worker.address)
        try connection.send(.describe)
        // A second at a time, so that a process that has died meanwhile is noticed.
        let limit = min(.seconds(1), deadline - .now)
        while let event = try connection.receive(timeout: limit) {
            if case .info(let info) = event { return info }
        }
        return nil
    }

    private func isBusy(until deadline: ContinuousClock.Instant) throws(TransportError) -> Bool {
        var connection = try WyomingConnection.connect(to: worker.address)
        try connection.send(.ping(text: nil))
        while let event = try connection.receive(timeout: max(.milliseconds(1), deadline - .now)) {
            // Workers that do not tell are believed to be free, having answered.
            if case .pong(let pong) = event { return pong.isBusy ?? false }
        }
        throw .closed
    }
}

/// Ends a request from the outside, whether its connection exists already or not.
final class Interruption: Sendable {
    private struct State: Sendable {
        var handle: SocketHandle?
        var isInterrupted = false
    }

    private let state = Monitor(State())

    /// Names the connection to end.
    func arm(_ handle: SocketHandle) {
        let isTooLate = state.withLock { state in
            state.handle = handle
            return state.isInterrupted
        }
        if isTooLate { handle.interrupt() }
    }

    func interrupt() {
        let handle = state.withLock { state in
            state.isInterrupted = true
            return state.handle
        }
        handle?.interrupt()
    }
}
