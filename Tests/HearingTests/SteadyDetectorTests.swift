import Flow
import Hearing
import Testing
import VoiceCore
import VoiceTesting

@Suite struct SteadyDetectorTests {
    private let loud = [Int16](repeating: 20_000, count: SpeechWindow.sampleCount)

    @Test func `while the better detector answers, it alone is asked`() async throws {
        let detector = SteadyDetector(MoodyDetector(.ready), standIn: FakeDetector())
        #expect(detector.name == "moody" && detector.shortcoming == nil)
        #expect(try await detector.openStream().probability(of: loud) == 0.25)
    }

    @Test func `one that has failed is stood in for, and the reason is told`() async throws {
        let detector = SteadyDetector(MoodyDetector(.failed, reason: "no network"), standIn: FakeDetector())
        #expect(detector.name == "fake")
        #expect(detector.shortcoming == "moody failed: no network")
        let stream = detector.openStream()
        #expect(try await stream.probability(of: loud) == 1)
        await stream.reset()
        #expect(try await stream.probability(of: [Int16](repeating: 0, count: 512)) == 0)
    }

    @Test func `one that starts is waited for, and not called broken`() {
        #expect(SteadyDetector(MoodyDetector(.starting), standIn: FakeDetector()).shortcoming == nil)
    }
}

/// Says a quarter to everything, or nothing where it does not work.
private struct MoodyDetector: DetectorEngine {
    let name = "moody"
    let state: EngineState

    init(_ phase: EngineState.Phase, reason: String? = nil) {
        state = EngineState(engine: "moody", phase: phase, reason: reason)
    }

    func run() async throws {}

    func state(after known: EngineState?) async -> EngineState? { known == state ? nil : state }

    func openStream() -> any SpeechDetectorStream { Stream(works: state.phase == .ready) }

    private struct Stream: SpeechDetectorStream {
        let works: Bool

        func probability(of window: [Int16]) async throws(DetectionError) -> Double {
            guard works else { throw .notReady(detector: "moody") }
            return 0.25
        }

        func reset() async {}
    }
}
