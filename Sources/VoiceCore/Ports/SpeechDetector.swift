/// Tells speech from everything else, for any number of sources.
package protocol SpeechDetector: Sendable {
    /// Such as `silero`.
    var name: String { get }

    /// Begins a stream that remembers nothing of others.
    func openStream() -> any SpeechDetectorStream
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
