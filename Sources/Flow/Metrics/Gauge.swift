import Synchronization

/// How many of something there are at present.
package final class Gauge: Sendable {
    /// One of them, counted for as long as it is held.
    package final class Seat: Sendable {
        private let gauge: Gauge

        fileprivate init(_ gauge: Gauge) {
            self.gauge = gauge
            gauge.count.add(1, ordering: .relaxed)
        }

        deinit { gauge.count.subtract(1, ordering: .relaxed) }
    }

    private let count = Atomic<Int>(0)

    package init() {}

    /// Counts one more until it is let go of.
    package func seat() -> Seat { Seat(self) }

    /// How many there are.
    package var value: Int { count.load(ordering: .relaxed) }
}
