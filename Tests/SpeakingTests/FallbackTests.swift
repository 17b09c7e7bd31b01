import Flow
import Sound
import SpokenText
import Testing
import VoiceCore
import VoiceTesting

@testable import Speaking

/// A voice whose engine fails hands over to another one within the job.
@Suite(.timeLimit(.minutes(1))) struct FallbackTests {
    /// Speaks one clause at 16 kHz, and of the next one a piece before it breaks.
    private final class Breaking: Synthesizer {
        let name = "elsewhere"
        let isVerbatim = true
        private let count = Monitor(0)

        func voices() async -> [Voice] { [] }

        func synthesize(
            _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
        ) async throws(SynthesisError) {
            let turn = count.update { count in
                count += 1
                return count
            }
            await emit(.words([WordTime(characterOffset: 0, characterCount: 1, start: .zero, end: .milliseconds(50))]))
            await emit(
                .audio(AudioChunk(format: AudioFormat(sampleRate: 16_000), samples: Array(repeating: 7, count: 1_600))))
            if turn > 1 { throw .failed(engine: name, message: "cut") }
        }
    }

    private func run(
        _ text: String, _ other: FakeEngine?, report: @escaping @Sendable (Synthesis.Progress) -> Void
    ) async -> Take {
        let take = Take()
        let reader = take.reader(from: .zero)
        let synthesis = Synthesis(
            request: SpeakRequest(text: text, session: .default), voice: "ann", synthesizer: Breaking(), take: take,
            standIn: { voice, _ in
                guard voice == "ann", let other, let known = await other.voices().first else { return nil }
                return StandIn(voice: known, synthesizer: other)
            }, pronunciations: .init([]), loudness: LoudnessBook(), inflow: nil)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await synthesis.run { report($0) } }
            group.addTask { while case .samples = await reader.next(atMost: 100_000) { continue } }
        }
        return take
    }

    @Test func `it speaks from the clause that failed, in the rate that the job has`() async {
        let other = FakeEngine()
        let told = Monitor<[Fallback]>([])
        let text = "The first sentence is here. The second sentence follows."
        let take = await run(text, other) { progress in
            if case .fellBack(let fallback) = progress { told.withLock { $0.append(fallback) } }
        }
        let reason = SynthesisError.failed(engine: "elsewhere", message: "cut")
        #expect(told.withLock { $0 } == [Fallback(engine: "fake", voice: "fake", reason: reason)])
        #expect(take.ending == .complete && take.format == AudioFormat(sampleRate: 16_000))
        #expect(other.clauses.map(\.text) == ["The second sentence follows."])
        #expect(take.words.map(\.characterOffset) == [0, 28, 32, 39, 48])
        #expect(take.words.map(\.start) == take.words.map(\.start).sorted())
        let first = Duration.milliseconds(100)
        let second = FakeEngine.duration(of: "The second sentence follows.")
        #expect(take.duration >= first + second && take.duration <= first + second + .milliseconds(101))
    }

    @Test func `where nobody can go on the job is broken`() async {
        let told = Monitor(0)
        let take = await run("The first sentence is here. The second one follows.", nil) { progress in
            if case .broken = progress { told.withLock { $0 += 1 } }
        }
        #expect(told.withLock { $0 } == 1)
        #expect(take.ending == .broken(.failed(engine: "elsewhere", message: "cut")))
    }
}
