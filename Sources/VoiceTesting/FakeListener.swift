package import Flow
package import VoiceCore

/// A listener whose reports a test writes; it remembers what was asked of it.
package final class FakeListener: Listener {
    /// What was asked.
    package enum Order: Hashable, Sendable {
        case play(JobID, from: Duration)
        case flush(JobID)
    }

    private struct Contents: Sendable {
        var orders: [Order] = []
        var reports: [JobID: Channel<PlaybackReport>] = [:]
        var takes: [JobID: Take] = [:]
    }

    package let description: ListenerDescription
    private let contents = Monitor(Contents())

    package init(_ description: ListenerDescription) {
        self.description = description
    }

    /// A listener of one session with an output of its own.
    package convenience init(_ id: String, session: SessionID = .default, output: String? = nil) {
        self.init(
            ListenerDescription(
                id: ListenerID(id), kind: "fake", scope: .session(session), output: OutputID(output ?? "out_\(id)")))
    }

    package func play(_ take: Take, of job: JobID, from position: Duration) async -> Channel<PlaybackReport> {
        let reports = Channel<PlaybackReport>(capacity: 64)
        contents.update { contents in
            contents.orders.append(.play(job, from: position))
            contents.reports[job] = reports
            contents.takes[job] = take
        }
        return reports
    }

    package func flush(_ job: JobID) async {
        contents.update { $0.orders.append(.flush(job)) }
    }

    package var orders: [Order] { contents.withLock { $0.orders } }

    /// Waits until something was asked that passes.
    package func waitForOrder(_ matches: @escaping @Sendable (Order) -> Bool) async -> Order? {
        await contents.wait { $0.orders.first(where: matches) }
    }

    /// Waits until it was asked to play a job.
    @discardableResult
    package func waitForPlay(of job: JobID, times: Int = 1) async -> Take? {
        await contents.wait { contents -> Take? in
            let count = contents.orders.count { if case .play(job, _) = $0 { true } else { false } }
            return count >= times ? contents.takes[job] : nil
        }
    }

    /// Tells what became of a job it plays; the stream ends with its last report.
    package func report(_ report: PlaybackReport, of job: JobID) {
        guard let reports = contents.withLock({ $0.reports[job] }) else { return }
        _ = reports.offer(report)
        if report.isLast { reports.finish() }
    }
}
