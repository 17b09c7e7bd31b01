package import Flow
import VoiceCore

/// What became of jobs since the server began, and how long it took.
package final class SpeakingCounters: Sendable {
    /// Bounds of every histogram of a job: fine where a person notices (0.1 s to 1 s), coarse where a job waits in line.
    private static let bounds: [Duration] =
        [10, 25, 50, 100, 150, 200, 300, 400, 600, 1_000, 1_500, 2_500, 5_000, 10_000, 30_000, 60_000]
        .map { .milliseconds($0) }

    package let accepted = Counter()
    package let finished = Counter()
    package let aborted = Counter()
    /// From the acceptance of a job to its first sample from the engine.
    package let firstAudio = Histogram(bounds: bounds)
    /// From the acceptance of a job to the moment its first audio was sent to a listener.
    package let firstSent = Histogram(bounds: bounds)
    /// From there to a listener's word that it sounds.
    package let confirmed = Histogram(bounds: bounds)
    /// From there to the end of the job as heard.
    package let heardToTheEnd = Histogram(bounds: bounds)
    private let failures = Monitor<[String: Int]>([:])

    package init() {}

    /// Jobs that failed, by code.
    package var failed: [String: Int] { failures.withLock { $0 } }

    func count(_ end: JobEnd) {
        switch end {
        case .finished: finished.add()
        case .aborted: aborted.add()
        case .failed(let failure, _): failures.withLock { $0[failure.code, default: 0] += 1 }
        }
    }
}

/// How many jobs and listeners there are at one moment.
package struct SpeakingCensus: Hashable, Sendable {
    package var waiting = 0
    package var sounding = 0
    package var readyListeners = 0
    package var otherListeners = 0
}
