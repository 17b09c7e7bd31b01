package import Flow

/// Time that passes only when a test says so.
package final class ManualTimeline: Sendable {
    private let time = Monitor(Duration.zero)

    package init() {}

    package var timeline: Timeline {
        let time = time
        return Timeline(now: { time.withLock { $0 } }) { end in
            _ = await time.wait { $0 >= end ? true : nil }
        }
    }

    /// Lets time pass; whoever sleeps until then wakes.
    package func advance(by duration: Duration) {
        time.update { $0 += duration }
    }
}
