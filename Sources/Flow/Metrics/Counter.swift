import Synchronization

/// A number that only rises; counted on any thread, without a lock.
package final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    /// Counts one, or so many more.
    package func add(_ amount: Int = 1) { count.add(amount, ordering: .relaxed) }

    /// How many there were.
    package var value: Int { count.load(ordering: .relaxed) }
}
