internal import Flow

/// How notes that wait are written.
enum WritingLoop {
    /// Writes whenever notes wait, until cancelled; after a failure it tries again later, and later each time.
    ///
    /// - Parameters:
    ///   - wait: Returns when notes wait; false when the task was cancelled.
    ///   - write: Whether some were written; nil if there were none.
    static func run(_ timeline: Timeline, wait: () async -> Bool, write: () async -> Bool?) async {
        var backoff = Backoff()
        while await wait(), !Task.isCancelled {
            if await write() == false {
                await timeline.sleep(until: timeline.now + backoff.next())
            } else {
                backoff.reset()
            }
        }
    }
}
