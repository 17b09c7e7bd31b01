private import Flow
package import VoiceCore

/// A detector that takes everything loud for speech.
package struct FakeDetector: SpeechDetector {
    package let name = "fake"
    private let answerCount: Int

    /// - Parameter answerCount: After how many windows each stream has no answer any more.
    package init(answerCount: Int = .max) {
        self.answerCount = answerCount
    }

    package func openStream() -> any SpeechDetectorStream { FakeDetectorStream(answerCount) }
}

private final class FakeDetectorStream: SpeechDetectorStream {
    private let answersLeft: Monitor<Int>

    init(_ answerCount: Int) {
        answersLeft = Monitor(answerCount)
    }

    func probability(of window: [Int16]) async throws(DetectionError) -> Double {
        let hasAnswer = answersLeft.withLock { count in
            count -= 1
            return count >= 0
        }
        guard hasAnswer else { throw .notReady(detector: "fake") }
        return window.contains { abs(Int($0)) > 1_000 } ? 1 : 0
    }

    func reset() async {}
}
