/// How long an engine works for a second of audio, measured over its last clauses.
struct Pace: Hashable, Sendable {
    /// Above it there is no room left for a hiccup of the network.
    static let highestSteady = 0.8

    private var work = 0.0
    private var audio = 0.0

    /// Seconds of work for one second of audio; nil before the first clause.
    var factor: Double? { audio > 0 ? work / audio : nil }

    var isSteady: Bool { factor.map { $0 <= Self.highestSteady } ?? false }

    /// Counts a clause; what was before counts half.
    mutating func add(work: Duration, audio: Duration) {
        guard audio > .zero else { return }
        self.work = self.work / 2 + work / .seconds(1)
        self.audio = self.audio / 2 + audio / .seconds(1)
    }
}
