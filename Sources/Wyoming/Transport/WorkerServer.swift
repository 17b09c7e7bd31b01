private import Flow
private import Glibc
private import Synchronization

/// Serves connections with a thread each, for a worker whose library blocks.
package struct WorkerServer: Sendable {
    /// What a worker does with one event of a connection, from which it may read more; returning false ends it.
    package typealias Answer = @Sendable (WyomingEvent, inout WyomingConnection) throws(TransportError) -> Bool

    /// More than a supervisor ever opens to one worker: a request, a cancelled one and a question or two.
    package static let connectionLimit = 16

    private let answer: Answer
    private let limit: Int

    /// - Parameter limit: How many connections there may be at the same time.
    package init(limit: Int = connectionLimit, answer: @escaping Answer) {
        self.limit = limit
        self.answer = answer
    }

    /// Accepts connections until the listener fails; beyond the limit they are closed at once.
    package func serve(_ listener: UnixListener) throws(TransportError) {
        let counter = ConnectionCounter()
        while true {
            let descriptor = try listener.accept()
            guard counter.enter(limit: limit) else {
                _ = close(descriptor)
                continue
            }
            DedicatedThread.detach(label: "connection") {
                converse(WyomingConnection(adopting: descriptor))
                counter.leave()
            }
        }
    }

    private func converse(_ connection: consuming WyomingConnection) {
        do throws(TransportError) {
            while let event = try connection.receive(), try answer(event, &connection) {}
        } catch {
            // A peer that goes away is how a request is cancelled; only a broken event deserves an answer, if anyone
            // is left to read it.
            if case .event = error {
                try? connection.send(.error(text: error.description, code: "invalid_event"))
            }
        }
    }
}

/// How many connections are open.
private final class ConnectionCounter: Sendable {
    private let count = Atomic<Int>(0)

    func enter(limit: Int) -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() { count.subtract(1, ordering: .relaxed) }
}
