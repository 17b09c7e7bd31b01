package import VoiceCore

/// A detector that takes everything loud for speech.
package struct FakeDetector: SpeechDetector {
    package let name = "fake"

    package init() {}

    package func openStream() -> any SpeechDetectorStream { FakeDetectorStream() }
}

private struct FakeDetectorStream: SpeechDetectorStream {
    func probability(of window: [Int16]) async throws(DetectionError) -> Double {
        window.contains { abs(Int($0)) > 1_000 } ? 1 : 0
    }

    func reset() async {}
}
