package import Flow
package import VoiceCore

/// An engine elsewhere, whose clauses sound without gaps however slow it is.
package final class PacedEngine: Engine {
    private let engine: any Engine
    private let timeline: Timeline
    private let pace = Monitor(Pace())

    package init(_ engine: any Engine, timeline: Timeline = .live()) {
        self.engine = engine
        self.timeline = timeline
    }

    package var name: String { engine.name }

    package var state: EngineState { remote(engine.state) }

    package var skills: SpeechSkills { engine.skills }

    package func run() async throws { try await engine.run() }

    package func state(after known: EngineState?) async -> EngineState? {
        var known = known
        known?.isRemote = engine.state.isRemote
        return await engine.state(after: known).map(remote)
    }

    package func voices() async -> [Voice] { await engine.voices() }

    /// As the engine itself says.
    package func mayHave(_ voice: String) -> Bool { engine.mayHave(voice) }

    /// One that cannot keep up is asked early: the pauses between its clauses get shorter.
    package var lead: Duration {
        pace.withLock { $0.factor == nil || $0.isSteady } ? .seconds(3) : .seconds(15)
    }

    package func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        let gate = Monitor(ClauseGate(pace.withLock { $0 }, at: timeline.now))
        try await engine.synthesize(clause) { part in
            for part in gate.withLock({ $0.take(part, at: timeline.now) }) { await emit(part) }
        }
        guard !Task.isCancelled else { return }
        let (rest, work, length) = gate.withLock { gate in
            (gate.release(), gate.work(at: timeline.now), gate.length)
        }
        pace.withLock { $0.add(work: work, audio: length) }
        for part in rest { await emit(part) }
    }

    private func remote(_ state: EngineState) -> EngineState {
        var state = state
        state.isRemote = true
        return state
    }
}
