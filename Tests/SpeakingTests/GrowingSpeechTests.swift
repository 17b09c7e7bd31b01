import Flow
import Sound
import SpokenText
import Testing
import VoiceCore
import VoiceTesting

@testable import Speaking

/// The sound of a text that is still being written.
@Suite(.timeLimit(.minutes(1))) struct GrowingSpeechTests {
    /// Makes no sound of clauses that ask for quiet.
    private struct Shy: Synthesizer {
        let name = "shy"
        let isVerbatim = false

        func voices() async -> [Voice] { [] }

        func synthesize(
            _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
        ) async throws(SynthesisError) {
            guard !clause.text.contains("Quiet") else { return }
            let samples = (0..<16_000).map { Int16($0 % 100 * 100) }
            await emit(.audio(AudioChunk(format: AudioFormat(sampleRate: 16_000), samples: samples)))
        }
    }

    @Test func `a clause without a sound does not keep back those behind it while nobody reads`() async {
        let take = Take()
        let inflow = TextInflow("There was one. ", unspokenLimit: 1_000, timeline: ManualTimeline().timeline)
        let progress = Monitor<[String]>([])
        let synthesis = Synthesis(
            request: SpeakRequest(text: "", session: .default), voice: "shy", synthesizer: Shy(), take: take,
            standIn: { _, _ in nil }, pronunciations: .init([]), loudness: LoudnessBook(), inflow: inflow)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await synthesis.run { step in progress.update { $0.append("\(step)") } } }
            _ = await progress.wait { $0.contains("ranDry") ? true : nil }
            _ = try? inflow.append("Quiet now, please, all of you. And then somebody spoke again. ", index: nil)
            inflow.close()
        }
        #expect(progress.withLock { $0.contains("wentOn") && $0.last == "complete" })
    }
}
