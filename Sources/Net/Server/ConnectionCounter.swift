import Flow

/// Counts connections, in all and by address.
final class ConnectionCounter: Sendable {
    private struct Counts: Sendable {
        var total = 0
        var byPeer: [String: Int] = [:]
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

    /// A place for one more; nil when there is none.
    func lease(peer: SocketAddress) -> Lease? {
        let isGranted = counts.withLock { counts in
            let fromPeer = counts.byPeer[peer.host] ?? 0
            guard counts.total < limit, peer.isLoopback || fromPeer < limitPerPeer
            else { return false }
            counts.total += 1
            counts.byPeer[peer.host] = fromPeer + 1
            return true
        }
        return isGranted ? Lease(self, peer) : nil
    }

    private func release(_ peer: SocketAddress) {
        counts.withLock { counts in
            counts.total -= 1
            let rest = (counts.byPeer[peer.host] ?? 1) - 1
            counts.byPeer[peer.host] = rest > 0 ? rest : nil
        }
    }
}
