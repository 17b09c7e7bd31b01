/// How far a player is that says nothing of itself: it plays what it has, and waits where it has nothing.
struct PlayerClock: Hashable, Sendable {
    /// In job time.
    private(set) var position: Duration
    /// The end of what it was sent.
    private(set) var end: Duration
    /// The beginning of the last piece that it was sent.
    private(set) var lastBegin: Duration
    /// Whether it was sent everything.
    var isComplete = false
    /// When the position was right; nil before the player is known to have begun.
    private var lookedAt: Duration?

    init(from position: Duration) {
        (self.position, end, lastBegin) = (position, position, position)
    }

    var hasBegun: Bool { lookedAt != nil }
    /// Whether all there is has been played.
    var isOver: Bool { isComplete && hasBegun && position >= end }
    /// Whether the next piece should be sent: one more than what is playing.
    var wantsMore: Bool { position >= lastBegin }

    /// The player has begun.
    mutating func begin(at now: Duration) { lookedAt = lookedAt ?? now }

    /// Time has passed.
    mutating func advance(to now: Duration) {
        guard let last = lookedAt else { return }
        position = min(end, position + (now - last))
        lookedAt = now
    }

    /// A piece was sent.
    mutating func add(_ duration: Duration) {
        lastBegin = end
        end += duration
    }
}
