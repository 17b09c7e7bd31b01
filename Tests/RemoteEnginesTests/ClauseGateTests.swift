import Sound
import Testing
import VoiceCore

@testable import RemoteEngines

@Suite struct ClauseGateTests {
    /// A piece of 100 ms.
    private let piece = SynthesisPart.audio(
        AudioChunk(format: AudioFormat(sampleRate: 1_000), samples: [Int16](repeating: 1, count: 100)))

    /// How many pieces were let through after each, when one comes every `milliseconds`.
    private func released(every milliseconds: Int, of count: Int, _ pace: Pace = Pace()) -> [Int] {
        var gate = ClauseGate(pace, at: .zero)
        return (0..<count).map { gate.take(piece, at: .milliseconds(200 + $0 * milliseconds)).count }
    }

    @Test func `a slow engine is kept back to the end of the clause`() {
        #expect(released(every: 150, of: 30).allSatisfy { $0 == 0 })
    }

    @Test func `a quick engine is let through once it has proved so`() {
        #expect(released(every: 70, of: 6) == [0, 0, 0, 4, 1, 1])
    }

    @Test func `an engine known to be quick is let through at once`() {
        var pace = Pace()
        pace.add(work: .milliseconds(300), audio: .seconds(1))
        #expect(released(every: 70, of: 3, pace) == [1, 1, 1])
    }

    @Test func `what was kept back comes out in order`() {
        var gate = ClauseGate(Pace(), at: .zero)
        #expect(gate.take(.words([]), at: .zero).isEmpty)
        #expect(gate.take(piece, at: .zero).isEmpty)
        #expect(gate.release() == [.words([]), piece])
        #expect(gate.length == .milliseconds(100))
    }

    @Test func `the pace follows the last clauses`() {
        var pace = Pace()
        pace.add(work: .seconds(3), audio: .seconds(2))
        #expect(pace.factor == 1.5 && !pace.isSteady)
        for _ in 0..<6 { pace.add(work: .seconds(1), audio: .seconds(2)) }
        #expect(pace.isSteady)
    }
}
