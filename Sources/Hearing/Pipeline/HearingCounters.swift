package import Flow
internal import VoiceCore

/// What was heard since the server began, what became of it, and how long that took.
package final class HearingCounters: Sendable {
    /// From the end of the speech to its text, the silence included by which the end was known; fine around a second,
    /// which is what people wait for without a thought.
    package let finalText = Histogram(
        bounds: [200, 400, 600, 700, 800, 900, 1_000, 1_250, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000]
            .map { .milliseconds($0) })
    /// Utterances that were read a second time.
    package let revised = Counter()
    /// Utterances that were read without partial text because there was too much to hear.
    package let withoutPartials = Counter()
    /// Second readings that were given up for the same reason.
    package let withoutRevision = Counter()
    private let audioMilliseconds = Counter()
    private let missingMilliseconds = Counter()
    private let failures = Monitor<[String: Int]>([:])

    package init() {}

    /// Of all sources together.
    package var audio: Duration { .milliseconds(audioMilliseconds.value) }
    /// What never came, of all sources together.
    package var missing: Duration { .milliseconds(missingMilliseconds.value) }
    /// Utterances without text, by code.
    package var failed: [String: Int] { failures.withLock { $0 } }

    func heard(_ length: Duration) { audioMilliseconds.add(Int(length / .milliseconds(1))) }

    /// Counts what is told.
    func count(_ body: Event.Body) {
        switch body {
        case .sourceGap(let length): missingMilliseconds.add(Int(length / .milliseconds(1)))
        case .transcriptFinal(let said): finalText.observe(said.latency)
        case .transcriptFailed(let code): failures.withLock { $0[code, default: 0] += 1 }
        case .transcriptRevised: revised.add()
        default: break
        }
    }
}

/// How many sources there are at one moment, and how far the one behind most is behind.
package struct HearingCensus: Hashable, Sendable {
    package var connected = 0
    /// Waiting for a client that was cut off.
    package var absent = 0
    /// Closed, with words that are still being read.
    package var ending = 0
    package var lag = Duration.zero
}
