package import VoiceCore

/// How much of a rate is used up: `count` may come at once, then one each `interval`.
package struct RateGauge: Hashable, Sendable {
    /// When everything taken so far would have come, had it come evenly; in the past for one that rested.
    private var evenly: Duration

    /// Nothing is used.
    package init() { evenly = .zero }

    /// Takes one, if the rate allows it.
    ///
    /// - Parameter now: On one timeline, never falling.
    /// - Returns: Nil if it may come; else how long to wait, and nothing is taken.
    package mutating func take(of rate: Rate, at now: Duration) -> Duration? {
        let begin = max(evenly, now)
        let excess = begin + rate.interval - (now + rate.period)
        guard excess <= .zero else { return excess }
        evenly = begin + rate.interval
        return nil
    }
}
