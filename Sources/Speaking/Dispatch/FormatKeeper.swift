import Flow
import Sound
import VoiceCore

/// Gives an engine's audio in the format that a take has already.
///
/// An engine of another rate is heard clause by clause, since a resampler needs to look ahead; ours make a clause in some
/// milliseconds.
struct FormatKeeper: Synthesizer {
    let synthesizer: any Synthesizer
    let take: Take

    var name: String { synthesizer.name }
    var isVerbatim: Bool { synthesizer.isVerbatim }
    var skills: SpeechSkills { synthesizer.skills }

    func voices() async -> [Voice] { await synthesizer.voices() }

    func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        let format = take.format
        let foreign = Monitor<AudioChunk?>(nil)
        try await synthesizer.synthesize(clause) { part in
            guard case .audio(let chunk) = part, let format, chunk.format != format else { return await emit(part) }
            foreign.withLock { known in
                known = AudioChunk(format: chunk.format, samples: (known?.samples ?? []) + chunk.samples)
            }
        }
        guard let format, let chunk = foreign.withLock({ $0 }), !Task.isCancelled else { return }
        await emit(.audio(AudioChunk(format: format, samples: try resampled(chunk, to: format))))
    }

    private func resampled(_ chunk: AudioChunk, to format: AudioFormat) throws(SynthesisError) -> [Int16] {
        do throws(ResamplerError) {
            var resampler = try Resampler(from: chunk.format.sampleRate, to: format.sampleRate)
            let samples = try resampler.resample(chunk.samples)
            return samples + (try resampler.finish())
        } catch {
            throw .failed(engine: name, message: "\(chunk.format.sampleRate) Hz cannot be resampled")
        }
    }
}
