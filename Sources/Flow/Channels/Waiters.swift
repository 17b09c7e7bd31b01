/// The tasks that wait for some state to change; kept with that state behind one lock.
///
/// The only place in Hearsay that keeps continuations. They are unchecked ones, since a task that is parked costs 200
/// bytes less so; each is resumed by whoever takes it out, and every way out of here takes it out.
@usableFromInline struct Waiters: Sendable {
    /// Names one state of what is waited for, and the one who looked at it.
    @usableFromInline struct Ticket: Hashable, Sendable {
        fileprivate let version: UInt64
        fileprivate let number: UInt64
    }

    /// Those taken out, to be resumed once the lock is given back.
    @usableFromInline @safe struct Woken: Sendable {
        fileprivate var first: UnsafeContinuation<Void, Never>?
        fileprivate var others: [Waiter] = []

        @usableFromInline func resume() {
            unsafe first?.resume()
            for other in others { unsafe other.continuation.resume() }
        }
    }

    @safe fileprivate struct Waiter: Sendable {
        let number: UInt64
        let continuation: UnsafeContinuation<Void, Never>
    }

    @usableFromInline init() {}

    private var version: UInt64 = 0
    private var lastNumber: UInt64 = 0
    /// Mostly there is one, and it needs no array.
    private var first: Waiter?
    private var others: [Waiter] = []

    /// For one who looked at the present state and found it wanting.
    @usableFromInline mutating func ticket() -> Ticket {
        lastNumber += 1
        return Ticket(version: version, number: lastNumber)
    }

    /// Parks a task.
    ///
    /// - Returns: False, and the task goes on at once, if the state changed after it looked.
    @usableFromInline mutating func park(_ continuation: UnsafeContinuation<Void, Never>, _ ticket: Ticket) -> Bool {
        guard ticket.version == version else { return false }
        let waiter = unsafe Waiter(number: ticket.number, continuation: continuation)
        if first == nil { first = waiter } else { others.append(waiter) }
        return true
    }

    /// Takes one out; nil if it is not parked.
    @usableFromInline mutating func remove(_ ticket: Ticket) -> Woken? {
        if let waiter = first, waiter.number == ticket.number {
            first = others.popLast()
            return unsafe Woken(first: waiter.continuation)
        }
        guard let index = others.firstIndex(where: { $0.number == ticket.number }) else { return nil }
        return unsafe Woken(first: others.remove(at: index).continuation)
    }

    /// The state changed: everybody looks again.
    @usableFromInline mutating func change() -> Woken {
        version += 1
        defer {
            first = nil
            if !others.isEmpty { others = [] }
        }
        return unsafe Woken(first: first?.continuation, others: others)
    }
}
