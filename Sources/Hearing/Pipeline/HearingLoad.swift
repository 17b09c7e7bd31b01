internal import Flow
package import VoiceCore

/// What is given up while there is too much to hear, in this order; final text never is.
package enum Shedding: Hashable, Comparable, Sendable {
    case nothing
    /// Nothing is read a second time.
    case secondReadings
    /// Nor is text told before it is final.
    case partials

    /// Half of what is worth telling: nobody misses a second reading.
    private static let noSecondReadings = LagRule.worthTelling / 2

    /// - Parameter lag: How long ago that was said which waits longest for its text.
    package init(lag: Duration) {
        self = lag >= LagRule.worthTelling ? .partials : lag >= Self.noSecondReadings ? .secondReadings : .nothing
    }
}

/// How far text is behind speech at all sources: they share the processors, so what one is behind the others spare.
package final class HearingLoad: Sendable {
    private let lags = Monitor<[SourceID: Duration]>([:])

    package init() {}

    /// How far a source is behind; zero once it has caught up or is over.
    package func note(_ lag: Duration, of source: SourceID) {
        lags.withLock { $0[source] = lag > .zero ? lag : nil }
    }

    /// How far the source is behind that is behind most.
    package var lag: Duration { lags.withLock { $0.values.max() } ?? .zero }

    /// What is to be given up now.
    package var shedding: Shedding { Shedding(lag: lag) }
}
