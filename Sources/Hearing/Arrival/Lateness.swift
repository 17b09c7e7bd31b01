/// Tells how late a source's audio comes, measured by when it came at best.
package struct Lateness: Hashable, Sendable {
    /// PROTOCOL.md, section 4: from here on it is told.
    package static let threshold = Duration.milliseconds(500)
    /// The clock of a sound card may be slower than ours: 1 in 1,000, ten times what they are off.
    private static let drift = 0.001

    /// When the source's first sample would have come, at best.
    private var origin: Duration?
    private var lastArrival = Duration.zero

    /// How much later than at best the last audio came; nil while it is not late.
    package private(set) var last: Duration?

    package init() {}

    /// When a place of the source would have come at best; nil before anything came.
    package func time(of position: Duration) -> Duration? { origin.map { $0 + position } }

    /// Takes audio that ends at `position` of its source.
    package mutating func take(position: Duration, arrivedAt time: Duration) {
        let offset = time - position
        let best = origin.map { $0 + max(.zero, time - lastArrival) * Self.drift }
        let origin = min(best ?? offset, offset)
        self.origin = origin
        lastArrival = time
        last = offset - origin > Self.threshold ? offset - origin : nil
    }
}
