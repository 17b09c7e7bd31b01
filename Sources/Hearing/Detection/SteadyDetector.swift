package import VoiceCore

/// A detector with one to stand in for it, so that everybody is heard whatever becomes of the better one.
package struct SteadyDetector: SpeechDetector {
    private let engine: any DetectorEngine
    private let standIn: any SpeechDetector

    /// - Parameter standIn: Always there.
    package init(_ engine: any DetectorEngine, standIn: any SpeechDetector = EnergySpeechDetector()) {
        self.engine = engine
        self.standIn = standIn
    }

    package var name: String { shortcoming == nil ? engine.name : standIn.name }

    package var shortcoming: String? {
        let state = engine.state
        return state.phase == .failed ? "\(engine.name) failed: \(state.reason ?? "its log says why")" : nil
    }

    package func openStream() -> any SpeechDetectorStream {
        SteadyStream(stream: engine.openStream(), standIn: standIn.openStream())
    }
}

private struct SteadyStream: SpeechDetectorStream {
    let stream: any SpeechDetectorStream
    let standIn: any SpeechDetectorStream

    func probability(of window: [Int16]) async throws(DetectionError) -> Double {
        do throws(DetectionError) {
            return try await stream.probability(of: window)
        } catch {
            return try await standIn.probability(of: window)
        }
    }

    func reset() async {
        await stream.reset()
        await standIn.reset()
    }
}
