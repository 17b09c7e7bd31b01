/// How many wrong tokens one peer has shown lately, and how its next one is answered.
///
/// A right token is never asked about here, so nobody can lock out those who share an address with him.
package struct WrongTokens: Hashable, Sendable {
    /// How a wrong token is answered.
    package enum Answer: Hashable, Sendable {
        /// With a refusal, after a while.
        case after(Duration)
        /// At once, without a look at what it was: nothing more is kept waiting for this peer.
        case flood(retryAfter: Duration)
    }

    /// A person mistypes, and a program that was not told of a new token tries again.
    private static let freeCount = 10.0
    /// Answers to one peer that wait at the same time stay below this.
    private static let floodCount = 60.0
    private static let firstDelay = Duration.milliseconds(50)
    private static let longestDelay = Duration.seconds(2)

    /// One is forgotten each second.
    private var level = 0.0
    private var changedAt = Duration.zero

    /// None yet.
    package init() {}

    /// Counts one.
    package mutating func add(at now: Duration) -> Answer {
        level = max(0, level - (now - changedAt) / .seconds(1))
        changedAt = now
        guard level < Self.floodCount else { return .flood(retryAfter: .seconds(level - Self.floodCount + 1)) }
        level += 1
        let excess = level - Self.freeCount
        guard excess > 0 else { return .after(.zero) }
        let doublings = min(Int(excess.rounded(.up)) - 1, 10)
        return .after(min(Self.longestDelay, Self.firstDelay * (1 << doublings)))
    }
}
