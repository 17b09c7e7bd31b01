import Flow
import VoiceCore

/// A voice whose engine is still starting: the first clause waits until there is one that has it.
struct LateSynthesizer: Synthesizer {
    /// An engine that starts needs about 0.1 s, with a model to load some seconds.
    private static let patience = Duration.seconds(20)

    let voice: String
    let engines: any EngineCatalogue
    let timeline: Timeline

    var name: String { voice }

    func voices() async -> [Voice] { await engine()?.voices() ?? [] }

    func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        guard let engine = await engine() else {
            if Task.isCancelled { return }
            throw .unknownVoice(voice)
        }
        try await engine.synthesize(clause, emit: emit)
    }

    private func engine() async -> (any Synthesizer)? {
        let end = timeline.now + Self.patience
        var backoff = Backoff(first: .milliseconds(50), cap: .seconds(1))
        while !Task.isCancelled, timeline.now < end {
            if let engine = await engines.synthesizer(for: voice) { return engine }
            await timeline.sleep(until: timeline.now + backoff.next())
        }
        return nil
    }
}
