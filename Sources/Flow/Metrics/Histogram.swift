/// How often something took how long.
package final class Histogram: Sendable {
    /// What was counted so far.
    package struct Snapshot: Hashable, Sendable {
        /// The upper bound of each class, and how many took at most so long.
        package var classes: [(bound: Duration, count: Int)] {
            zip(bounds, counts).map { (bound: $0, count: $1) }
        }
        /// How many there were, those above the last bound included.
        package let count: Int
        /// All durations together.
        package let sum: Duration
        fileprivate let bounds: [Duration]
        fileprivate let counts: [Int]
    }

    private let bounds: [Duration]
    /// One more than there are bounds: the last one counts what is above all of them.
    private let counters: [Counter]
    private let microseconds = Counter()

    /// - Parameter bounds: Rising.
    package init(bounds: [Duration]) {
        self.bounds = bounds
        counters = (0...bounds.count).map { _ in Counter() }
    }

    /// Counts one.
    package func observe(_ duration: Duration) {
        counters[bounds.firstIndex { duration <= $0 } ?? bounds.count].add()
        microseconds.add(Int(duration / .microseconds(1)))
    }

    /// What was counted so far.
    package var snapshot: Snapshot {
        var total = 0
        let counts = counters.map { counter in
            total += counter.value
            return total
        }
        return Snapshot(count: total, sum: .microseconds(microseconds.value), bounds: bounds, counts: counts.dropLast())
    }
}
