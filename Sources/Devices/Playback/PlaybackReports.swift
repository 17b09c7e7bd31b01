import Flow
import VoiceCore

/// The reports of one playback: in order, with one end, from whichever side comes first.
final class PlaybackReports: Sendable {
    private struct Contents: Sendable {
        var last: PlaybackReport?
        var hasStarted = false
        /// The position that was told last.
        var furthest = Duration.zero
    }

    /// Read by the one who asked for the playback.
    let channel = Channel<PlaybackReport>(capacity: PlaybackReports.capacity)
    private let contents = Monitor(Contents())

    /// A reader that fell this far behind gets no progress, so that there is always room for the end.
    private static let capacity = 64
    private static let progressLimit = 48

    deinit {
        // Whoever waits for an end gets one, even if the playback was never begun.
        channel.finish()
    }

    var hasStarted: Bool { contents.withLock { $0.hasStarted } }

    /// Passes a report on; after the last one nothing is.
    func report(_ report: PlaybackReport) {
        contents.update { contents in
            guard contents.last == nil else { return }
            if case .started = report { contents.hasStarted = true }
            var report = report
            if case .progress(let position) = report {
                guard channel.count < Self.progressLimit else { return }
                // A device that had run dry may count back; what was told stays told.
                contents.furthest = max(contents.furthest, position)
                report = .progress(at: contents.furthest)
            }
            // Under the lock, so that nothing can come behind the last one; it only queues.
            _ = channel.offer(report)
            guard report.isLast else { return }
            contents.last = report
            channel.finish()
        }
    }

    /// Ends with what an error means: what never sounded has failed, what did is gone.
    func end(_ error: DeviceError) {
        report(hasStarted ? .gone : .failed(reason: error.reason))
    }

    /// - Returns: The last report; nil when cancelled.
    func waitForEnd() async -> PlaybackReport? {
        await contents.wait { $0.last }
    }
}
