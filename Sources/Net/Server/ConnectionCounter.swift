import Flow

/// Counts connections, in all and by address.
final class ConnectionCounter: Sendable {
    private struct Counts: Sendable {
        var total = 0
        var byPeer: [String: Int] = [:]
    }

    /// Which limit leaves no place for one more; its raw value is its name.
    enum Refusal: String, Error {
        case connections
        case connectionsPerPeer = "connections_per_peer"
    }

    /// A connection's place; given back when let go of.
    final class Lease: Sendable {
        private let counter: ConnectionCounter
        private let peer: SocketAddress

        fileprivate init(_ counter: ConnectionCounter, _ peer: SocketAddress) {
            self.counter = counter
            self.peer = peer
        }

        deinit { counter.release(peer) }
    }

    private let counts = Monitor(Counts())
    private let limit: Int
    private let limitPerPeer: Int

    /// - Parameter limitPerPeer: For one address; loopback is exempt.
    init(limit: Int, limitPerPeer: Int) {
        self.limit = limit
        self.limitPerPeer = limitPerPeer
    }

    /// How many there are.
    var total: Int { counts.withLock { $0.total } }

    /// A place for one more.
    func lease(peer: SocketAddress) throws(Refusal) -> Lease {
        let refusal = counts.withLock { counts -> Refusal? in
            let fromPeer = counts.byPeer[peer.host] ?? 0
            guard counts.total < limit else { return .connections }
            guard peer.isLoopback || fromPeer < limitPerPeer else { return .connectionsPerPeer }
            counts.total += 1
            counts.byPeer[peer.host] = fromPeer + 1
            return nil
        }
        if let refusal { throw refusal }
        return Lease(self, peer)
    }

    private func release(_ peer: SocketAddress) {
        counts.withLock { counts in
            counts.total -= 1
            let rest = (counts.byPeer[peer.host] ?? 1) - 1
            counts.byPeer[peer.host] = rest > 0 ? rest : nil
        }
    }
}
