package import Flow

/// Time that passes only when a test says so.
package final class ManualTimeline: Sendable {
    private struct Contents: Sendable {
        var now = Duration.zero
        /// When those who sleep wake, by the number of their sleep.
        var sleeps: [UInt64: Duration] = [:]
        var lastSleep: UInt64 = 0
    }

    private let contents = Monitor(Contents())

    package init() {}

    package var timeline: Timeline {
        let contents = contents
        return Timeline(now: { contents.withLock { $0.now } }) { end in
            let number = contents.update { contents in
                contents.lastSleep += 1
                contents.sleeps[contents.lastSleep] = end
                return contents.lastSleep
            }
            _ = await contents.wait { $0.now >= end ? true : nil }
            contents.withLock { _ = $0.sleeps.removeValue(forKey: number) }
        }
    }

    /// Lets time pass; whoever sleeps until then wakes.
    package func advance(by duration: Duration) {
        contents.update { $0.now += duration }
    }

    /// Waits until somebody sleeps who wakes within `duration`; false when the task was cancelled.
    package func waitForSleep(within duration: Duration) async -> Bool {
        await contents.wait { contents in
            contents.sleeps.values.contains { $0 > contents.now && $0 <= contents.now + duration } ? true : nil
        } ?? false
    }
}
