private import Flow
package import VoiceCore

/// `EnergyDetector` for any number of sources.
package struct EnergySpeechDetector: SpeechDetector {
    package let name = "energy"
    package let shortcoming: String?

    /// - Parameter shortcoming: Why a better one does not listen.
    package init(insteadBecause shortcoming: String? = nil) {
        self.shortcoming = shortcoming
    }

    package func openStream() -> any SpeechDetectorStream { EnergyStream() }
}

private final class EnergyStream: SpeechDetectorStream {
    private let detector = Monitor(EnergyDetector())

    func probability(of window: [Int16]) async throws(DetectionError) -> Double {
        detector.withLock { $0.probability(of: window) }
    }

    func reset() async {
        detector.withLock { $0 = EnergyDetector() }
    }
}
