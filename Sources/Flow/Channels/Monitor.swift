/// State that several tasks share, together with the tasks that wait for it to become what they need.
///
/// The only place in Hearsay that keeps continuations: `Channel`, `Broadcast`, `Latch` and `Alarm` are made of it.
/// Closures run under the lock, so they must be short and must not call out.
package final class Monitor<State: Sendable>: Sendable {
    fileprivate struct Guarded: Sendable {
        var state: State
        var parked: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextTicket: UInt64 = 0
    }

    private let guarded: Lock<Guarded>

    package init(_ state: State) {
        guarded = Lock(Guarded(state: state))
    }

    /// Reads or changes the state without waking anybody.
    package func withLock<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        guarded.withLock { body(&$0.state) }
    }

    /// Changes the state and wakes everybody who waits, so that each looks again.
    @discardableResult
    package func update<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, woken) = guarded.withLock { guarded in
            (body(&guarded.state), guarded.takeParked())
        }
        for continuation in woken { continuation.resume() }
        return result
    }

    /// Waits until `attempt` returns a value.
    ///
    /// - Parameters:
    ///   - wakesOthers: Whether a successful attempt changes the state in a way that others wait for.
    ///   - attempt: Runs under the lock, at first at once and then after each `update`.
    /// - Returns: What `attempt` returned; nil when the task was cancelled first.
    package func wait<Result: Sendable>(
        wakesOthers: Bool = false, _ attempt: (inout State) -> Result?
    ) async -> Result? {
        while true {
            let ticket = guarded.withLock { guarded in
                guarded.nextTicket += 1
                return guarded.nextTicket
            }
            if let result = tryNow(wakesOthers, attempt) { return result }
            if Task.isCancelled { return nil }
            var result: Result?
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    result = park(continuation, ticket: ticket, wakesOthers, attempt)
                }
            } onCancel: {
                let parked = guarded.withLock { $0.parked.removeValue(forKey: ticket) }
                parked?.resume()
            }
            if let result { return result }
        }
    }

    private func tryNow<Result: Sendable>(_ wakesOthers: Bool, _ attempt: (inout State) -> Result?) -> Result? {
        let (result, woken) = guarded.withLock { guarded -> (Result?, [CheckedContinuation<Void, Never>]) in
            let result = attempt(&guarded.state)
            return (result, result != nil && wakesOthers ? guarded.takeParked() : [])
        }
        for continuation in woken { continuation.resume() }
        return result
    }

    /// Tries once more and parks the task if that fails, in one step, so that no change is missed in between.
    private func park<Result: Sendable>(
        _ continuation: CheckedContinuation<Void, Never>, ticket: UInt64, _ wakesOthers: Bool,
        _ attempt: (inout State) -> Result?
    ) -> Result? {
        let (result, woken) = guarded.withLock { guarded -> (Result?, [CheckedContinuation<Void, Never>]) in
            if let result = attempt(&guarded.state) {
                return (result, [continuation] + (wakesOthers ? guarded.takeParked() : []))
            }
            if Task.isCancelled { return (nil, [continuation]) }
            guarded.parked[ticket] = continuation
            return (nil, [])
        }
        for continuation in woken { continuation.resume() }
        return result
    }
}

extension Monitor.Guarded {
    mutating func takeParked() -> [CheckedContinuation<Void, Never>] {
        guard !parked.isEmpty else { return [] }
        defer { parked.removeAll(keepingCapacity: true) }
        return Array(parked.values)
    }
}
