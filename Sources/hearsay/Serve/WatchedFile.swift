import Flow

/// A file that people change while the server runs, and that need not be there.
final class WatchedFile: Sendable {
    /// People try what they saved at once; one look costs a few microseconds.
    private static let interval = Duration.seconds(1)

    let path: String
    private let timeline: Timeline
    /// Nil for a file that is not there, or was not looked at yet.
    private let known = Monitor<FileStamp?>(nil)

    init(path: String, timeline: Timeline) {
        self.path = path
        self.timeline = timeline
    }

    /// Looks again and again until cancelled.
    func follow(_ look: () -> Void) async {
        while !Task.isCancelled {
            look()
            await timeline.sleep(until: timeline.now + Self.interval)
        }
    }

    /// Whether there is a file now, if it is another one than at the last look; nil if nothing changed.
    func change() -> Bool? {
        let stamp = FileStamp(path)
        let hasChanged = known.withLock { known in
            defer { known = stamp }
            return known != stamp
        }
        return hasChanged ? stamp != nil : nil
    }
}
