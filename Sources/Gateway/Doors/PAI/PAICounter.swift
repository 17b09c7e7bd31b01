import Flow
import Net
import VoiceCore

/// Counts notifications by the address they come from, this machine's own included.
final class PAICounter: Sendable {
    /// PAI's own limit.
    ///
    /// It goes by the peer of the socket: a header could be made up.
    private static let rate = Rate(10, per: .minute)
    /// Addresses that are counted at once.
    private static let tableLimit = 1_024

    private let peers = Monitor(RecentTable<IPNetwork, RateGauge>(limit: tableLimit))

    /// Lets one notification through.
    ///
    /// - Returns: Nil if it may pass; else how long to wait.
    func pass(_ peer: SocketAddress, at now: Duration) -> Duration? {
        guard let key = IPNetwork(around: peer.host) else { return nil }
        return peers.withLock { $0.update(key, initial: RateGauge()) { $0.take(of: Self.rate, at: now) } }
    }
}
