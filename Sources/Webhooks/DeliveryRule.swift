/// Decides how often an event is tried to be delivered.
package struct DeliveryRule: Hashable, Sendable {
    /// What came of a try.
    package enum Outcome: Hashable, Sendable {
        case answered(status: Int)
        /// There was no answer.
        case failed
        /// It may not be asked at all.
        case forbidden
    }

    /// What is to be done.
    package enum Verdict: Hashable, Sendable {
        case delivered
        case again(after: Duration)
        case givenUp
    }

    /// With the pauses below an event is tried for a minute; what is older than that is no order any more.
    package static let attemptLimit = 6
    /// A receiver that is started anew is back within seconds.
    private static let firstPause = Duration.seconds(2)

    private var attemptCount = 0

    package init() {}

    /// Takes what came of the next try.
    package mutating func take(_ outcome: Outcome) -> Verdict {
        attemptCount += 1
        switch outcome {
        case .answered(200..<300): return .delivered
        // Too slow, too often, or its own fault: the same may be taken later (RFC 9110, section 15; RFC 6585).
        case .answered(408), .answered(429), .answered(500...), .failed: break
        case .answered, .forbidden: return .givenUp
        }
        guard attemptCount < Self.attemptLimit else { return .givenUp }
        return .again(after: Self.firstPause * (1 << (attemptCount - 1)))
    }
}
