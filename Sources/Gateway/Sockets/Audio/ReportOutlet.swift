import Flow
import VoiceCore

/// Where the reports of one job on one connection go: to each of its listeners, since they share what is heard.
final class ReportOutlet: Sendable {
    /// More wait only where nobody reads; progress is then dropped, the last report never.
    private static let capacity = 64
    private static let progressCapacity = 48

    fileprivate struct Contents: Sendable {
        var channels: [Channel<PlaybackReport>] = []
        /// What a listener that joins later is told first: sent, started, the newest progress.
        var past: [PlaybackReport] = []
        var isOver = false
    }

    private let contents = Monitor(Contents())

    /// Whether the last report was given.
    var isOver: Bool { contents.withLock { $0.isOver } }

    /// One listener more.
    func open() -> Channel<PlaybackReport> {
        let channel = Channel<PlaybackReport>(capacity: Self.capacity)
        let past = contents.withLock { contents in
            if !contents.isOver { contents.channels.append(channel) }
            return contents.isOver ? [.gone] : contents.past
        }
        for report in past { _ = channel.offer(report) }
        if past.last?.isLast == true { channel.finish() }
        return channel
    }

    /// Tells every listener; after the last report nothing follows.
    func report(_ report: PlaybackReport) {
        let channels: [Channel<PlaybackReport>] = contents.withLock { contents in
            guard !contents.isOver else { return [] }
            contents.remember(report)
            return contents.channels
        }
        for channel in channels {
            if case .progress = report, channel.count >= Self.progressCapacity { continue }
            _ = channel.offer(report)
            if report.isLast { channel.finish() }
        }
    }
}

extension ReportOutlet.Contents {
    fileprivate mutating func remember(_ report: PlaybackReport) {
        if report.isLast { isOver = true }
        if case .progress = report {
            past.removeAll { if case .progress = $0 { true } else { false } }
        }
        past.append(report)
    }
}
