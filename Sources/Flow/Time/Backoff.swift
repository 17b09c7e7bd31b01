/// How long to wait before the next try: doubling, with half jitter, up to a cap.
package struct Backoff: Hashable, Sendable {
    private let first: Duration
    private let cap: Duration
    private var tries = 0

    package init(first: Duration = .milliseconds(250), cap: Duration = .seconds(8)) {
        self.first = first
        self.cap = cap
    }

    /// - Returns: Between half and all of `first · 2ⁿ`, n being the number of earlier calls since `reset`.
    package mutating func next() -> Duration {
        let full = min(cap, first * (1 << min(tries, 20)))
        tries += 1
        return full * Double.random(in: 0.5...1)
    }

    package mutating func reset() {
        tries = 0
    }
}
