package import Flow

/// What a server's sockets did since it began.
package final class NetCounters: Sendable {
    package let accepted = Counter()
    /// Connections turned away, by the limit that left no place.
    package let refusedByTotal = Counter()
    package let refusedByPeer = Counter()
    /// Requests that were none.
    package let malformedRequests = Counter()
    private let loops = Monitor<[LoopCounters]>([])

    package init() {}

    /// The counters of one more loop.
    func addLoop() -> LoopCounters {
        let counters = LoopCounters()
        loops.withLock { $0.append(counters) }
        return counters
    }

    func refused(by refusal: ConnectionCounter.Refusal) {
        switch refusal {
        case .connections: refusedByTotal.add()
        case .connectionsPerPeer: refusedByPeer.add()
        }
    }

    /// A number of all loops together.
    package func total(_ number: (LoopCounters) -> Int) -> Int {
        loops.withLock { $0 }.reduce(0) { $0 + number($1) }
    }
}
