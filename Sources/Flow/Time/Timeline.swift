/// Where time comes from: the time since some origin, and sleep until such a time.
///
/// The seam that lets rules with deadlines be tested without waiting.
package struct Timeline: Sendable {
    private let readNow: @Sendable () -> Duration
    private let sleepUntil: @Sendable (Duration) async -> Void

    /// - Parameters:
    ///   - now: The time since the origin, never falling.
    ///   - sleepUntil: Returns at that time, or early when the task is cancelled.
    package init(
        now: @escaping @Sendable () -> Duration, sleepUntil: @escaping @Sendable (Duration) async -> Void
    ) {
        readNow = now
        self.sleepUntil = sleepUntil
    }

    /// The machine's steady clock, counted from this call.
    package static func live() -> Timeline {
        let clock = ContinuousClock()
        let origin = clock.now
        return Timeline(now: { clock.now - origin }) { time in
            try? await clock.sleep(until: origin + time, tolerance: .zero)
        }
    }

    package var now: Duration { readNow() }

    /// Returns at `time`, or early when the task is cancelled.
    package func sleep(until time: Duration) async {
        await sleepUntil(time)
    }

    /// Runs `work` for at most `limit`.
    ///
    /// - Returns: What `work` returned; nil when it was cancelled because time was up.
    package func limit<Result: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async -> Result?
    ) async -> Result? {
        let end = now + limit
        return await withTaskGroup(of: Result?.self) { group in
            group.addTask { await work() }
            group.addTask {
                await sleep(until: end)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
