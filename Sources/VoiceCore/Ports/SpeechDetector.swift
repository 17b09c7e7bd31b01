package import Flow

/// Tells speech from everything else, for any number of sources.
package protocol SpeechDetector: Sendable {
    /// Such as `silero`.
    var name: String { get }

    /// Why a better one does not listen; nil where there is none.
    var shortcoming: String? { get }

    /// Begins a stream that remembers nothing of others.
    func openStream() -> any SpeechDetectorStream
}

extension SpeechDetector {
    package var shortcoming: String? { nil }
}

/// A detector with a life of its own.
package protocol DetectorEngine: SpeechDetector, Service {
    /// What it is doing now.
    var state: EngineState { get }

    /// Waits until the state is another one than `known`; nil when the task was cancelled.
    func state(after known: EngineState?) async -> EngineState?
}

/// One source's way through a detector.
package protocol SpeechDetectorStream: Sendable {
    /// How likely a window holds speech, 0 to 1.
    ///
    /// Windows follow each other without a gap, each after the answer to the last.
    ///
    /// - Parameter window: `SpeechWindow.sampleCount` samples.
    func probability(of window: [Int16]) async throws(DetectionError) -> Double

    /// Forgets what was heard, because a gap follows.
    func reset() async
}

/// What detectors look at.
package enum SpeechWindow {
    /// 32 ms at 16 kHz, the window that Silero VAD is trained for.
    package static let sampleCount = 512
    package static let duration = Duration.milliseconds(32)
}

/// Why a detector did not answer.
package enum DetectionError: Error, Hashable, Sendable {
    /// Its process died, or is not there yet; the stream goes on with the next window.
    case notReady(detector: String)
}
