/// State that several tasks share, together with the tasks that wait for it to become what they need.
///
/// `Channel`, `Broadcast`, `Latch` and `Alarm` are made of it. Closures run under the lock, so they must be short and
/// must not call out. Inlined into its users for the sake of the network's loops, which take several locks a message.
package final class Monitor<State: Sendable>: Sendable {
    @usableFromInline struct Guarded: Sendable {
        @usableFromInline var state: State
        @usableFromInline var waiters = Waiters()

        @usableFromInline init(state: State) { self.state = state }
    }

    /// What a look at the state gave.
    @usableFromInline enum Look<Result: Sendable>: Sendable {
        case found(Result)
        case wanting(Waiters.Ticket)
    }

    @usableFromInline let guarded: Lock<Guarded>

    package init(_ state: State) {
        guarded = Lock(Guarded(state: state))
    }

    /// Reads or changes the state without waking anybody.
    @inlinable package func withLock<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        guarded.withLock { body(&$0.state) }
    }

    /// Changes the state and wakes everybody who waits, so that each looks again.
    @inlinable @discardableResult
    package func update<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, woken) = guarded.withLock { guarded in
            (body(&guarded.state), guarded.waiters.change())
        }
        woken.resume()
        return result
    }

    /// Waits until `attempt` returns a value.
    ///
    /// - Parameters:
    ///   - wakesOthers: Whether a successful attempt changes the state in a way that others wait for.
    ///   - attempt: Runs under the lock, at first at once and then after each `update`.
    /// - Returns: What `attempt` returned; nil when the task was cancelled first.
    @inlinable package func wait<Result: Sendable>(
        wakesOthers: Bool = false, _ attempt: (inout State) -> Result?
    ) async -> Result? {
        while true {
            switch look(wakesOthers, attempt) {
            case .found(let result): return result
            case .wanting(let ticket):
                if Task.isCancelled { return nil }
                await park(ticket)
            }
        }
    }

    @inlinable func look<Result: Sendable>(_ wakesOthers: Bool, _ attempt: (inout State) -> Result?) -> Look<Result> {
        let (look, woken) = guarded.withLock { guarded -> (Look<Result>, Waiters.Woken?) in
            guard let result = attempt(&guarded.state) else { return (.wanting(guarded.waiters.ticket()), nil) }
            return (.found(result), wakesOthers ? guarded.waiters.change() : nil)
        }
        woken?.resume()
        return look
    }

    /// Sleeps until the next change, or cancellation.
    @usableFromInline func park(_ ticket: Waiters.Ticket) async {
        await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                let isParked = guarded.withLock { guarded in
                    // Cancelled before this point, nobody would take it out again.
                    unsafe !Task.isCancelled && guarded.waiters.park(continuation, ticket)
                }
                if !isParked { unsafe continuation.resume() }
            }
        } onCancel: {
            guarded.withLock { $0.waiters.remove(ticket) }?.resume()
        }
    }
}
