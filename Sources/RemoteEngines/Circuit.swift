/// Decides when an engine that fails is left alone, and for how long; knows no clock.
struct Circuit: Hashable, Sendable {
    enum Phase: Hashable, Sendable {
        case untried
        case ready
        /// Nobody asks it before then.
        case failed(until: Duration, reason: String)
    }

    /// So many failures one after the other are no accident.
    static let toleratedFailures = 2
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(60)

    private(set) var phase = Phase.untried
    private var failureCount = 0
    /// How often it was given up since it last spoke.
    private var openingCount = 0

    /// It spoke a clause.
    mutating func spoke() {
        phase = .ready
        failureCount = 0
        openingCount = 0
    }

    /// It told what it offers, which says little about whether it can speak: one failure more and it is given up again.
    mutating func answered() {
        phase = .ready
    }

    /// - Parameter pause: How long it wants to be left alone at least.
    mutating func failed(_ reason: String, isLasting: Bool, pause: Duration? = nil, at now: Duration) {
        failureCount += 1
        guard isLasting || openingCount > 0 || failureCount > Self.toleratedFailures else { return }
        let grown = min(Self.longestPause, Self.firstPause * (1 << min(openingCount, 10)))
        openingCount += 1
        failureCount = 0
        phase = .failed(until: now + max(grown, min(pause ?? .zero, .seconds(3_600))), reason: reason)
    }

    /// Why nobody may ask; nil where somebody may.
    var refusal: String? {
        if case .failed(_, let reason) = phase { reason } else { nil }
    }
}
