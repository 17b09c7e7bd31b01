package import Flow
package import Net
package import VoiceCore

/// How many requests and commands may come.
package struct Rates: Hashable, Sendable {
    /// Of each token that has no rate of its own; nil for any number.
    ///
    /// A person and a program that speaks stay far below it.
    package var token: Rate? = Rate(100, per: .second)
    /// Of each token with the scope `admin` that has no rate of its own.
    package var admin: Rate? = Rate(2_000, per: .second)
    /// From each address of other machines (of IPv6 each /64), whatever tokens it shows.
    package var peer: Rate? = Rate(200, per: .second)

    package init() {}
}

/// Counts requests, commands and wrong tokens, in bounded memory.
package final class Turnstile: Sendable {
    /// Peers, and tokens, that are counted at once; whoever has not come for longest starts anew.
    package static let tableLimit = 4_096

    private struct Counts: Sendable {
        var peers = RecentTable<IPNetwork, RateGauge>(limit: tableLimit)
        var tokens = RecentTable<TokenID, RateGauge>(limit: tableLimit)
        var wrong = RecentTable<IPNetwork, WrongTokens>(limit: tableLimit)
    }

    private let chosenRates: Monitor<Rates>
    private let timeline: Timeline
    private let counts = Monitor(Counts())

    package init(rates: Rates = Rates(), timeline: Timeline) {
        chosenRates = Monitor(rates)
        self.timeline = timeline
    }

    private var rates: Rates { chosenRates.withLock { $0 } }

    /// Counts by other rates from now on.
    package func replace(rates: Rates) { chosenRates.withLock { $0 = rates } }

    /// Lets one request or command of a peer through.
    ///
    /// - Parameter isLocal: Those of this machine are not counted by their address.
    /// - Returns: Nil if it may pass; else how long to wait.
    package func pass(_ peer: SocketAddress, isLocal: Bool) -> Duration? {
        guard !isLocal, let rate = rates.peer, let key = IPNetwork(around: peer.host) else { return nil }
        let now = timeline.now
        return counts.withLock { $0.peers.update(key, initial: RateGauge()) { $0.take(of: rate, at: now) } }
    }

    /// Lets one request or command of a token through.
    ///
    /// - Returns: Nil if it may pass; else how long to wait.
    package func pass(_ grant: Grant) -> Duration? {
        let rates = rates
        guard let rate = grant.rate ?? (grant.allows(.admin) ? rates.admin : rates.token) else { return nil }
        let now = timeline.now
        return counts.withLock { $0.tokens.update(grant.token, initial: RateGauge()) { $0.take(of: rate, at: now) } }
    }

    /// Counts a wrong token.
    package func wrongToken(from peer: SocketAddress) -> WrongTokens.Answer {
        guard let key = IPNetwork(around: peer.host) else { return .after(.zero) }
        let now = timeline.now
        return counts.withLock { $0.wrong.update(key, initial: WrongTokens()) { $0.add(at: now) } }
    }

    /// Returns when a refusal that waits may be told.
    func wait(_ delay: Duration) async {
        if delay > .zero { await timeline.sleep(until: timeline.now + delay) }
    }
}
