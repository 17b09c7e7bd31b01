package import Flow
package import VoiceCore

/// All engines of the server; runs them, and tells every change of their states.
///
/// Engines may come and go while it runs.
package final class EngineRoster: EngineCatalogue, Service {
    package var defaultVoice: String { chosenVoice.withLock { $0 } }
    private let chosenVoice: Monitor<String>
    /// Every change of an engine's state, from the first one on.
    package let changes = Broadcast<EngineState>(capacity: 256)
    private let lineup = Lineup<any Engine>()
    private let couldBeHad = Monitor<[Voice]>([])

    /// - Parameter engines: In the order in which they are asked for a voice; their names differ.
    package init(_ engines: [any Engine], defaultVoice: String) {
        chosenVoice = Monitor(defaultVoice)
        for engine in engines { lineup.append(engine, named: engine.name) }
    }

    /// Lets requests that name no voice have another one from now on.
    package func replace(defaultVoice: String) { chosenVoice.withLock { $0 = defaultVoice } }

    private var engines: [any Engine] { lineup.members }

    /// Adds an engine behind all others.
    ///
    /// - Returns: False if there is one of its name already.
    @discardableResult package func add(_ engine: any Engine) -> Bool {
        lineup.add(engine, named: engine.name)
    }

    /// Takes an engine out; what it is speaking is cut off.
    package func remove(named name: String) { lineup.remove(named: name) }

    /// Says which voices could be had, instead of those that were told before.
    package func setAbsentVoices(_ voices: [Voice]) { couldBeHad.update { $0 = voices } }

    package func absentVoices() async -> [Voice] { couldBeHad.withLock { $0 } }

    package func run() async throws {
        try await lineup.run { engine in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                group.addTask { await self.follow(engine) }
                try await group.waitForAll()
            }
        } left: { engine in
            self.changes.publish(EngineState(engine: engine.name, phase: .unloaded))
        }
    }

    /// Voices of all engines; where two have the same id, the later one's is `engine/id`.
    package func voices() async -> [Voice] {
        var voices: [Voice] = []
        var ids: Set<String> = []
        for engine in engines {
            for var voice in await engine.voices() {
                if !ids.insert(voice.id).inserted { voice.id = "\(engine.name)/\(voice.id)" }
                voices.append(voice)
            }
        }
        return voices
    }

    package func synthesizer(for voice: String) async -> (any Synthesizer)? {
        for engine in engines {
            for candidate in await engine.voices()
            where candidate.id == voice || "\(engine.name)/\(candidate.id)" == voice {
                return engine
            }
        }
        return engines.first { engine in
            let prefix = engine.name + "/"
            guard voice.hasPrefix(prefix) else { return voice == defaultVoice && engine.mayHave(voice) }
            return engine.mayHave(String(voice.dropFirst(prefix.count)))
        }
    }

    /// Local engines in their order; the default voice goes first, then a usual one for the language, then any for it.
    ///
    /// Where nobody knows the language, the default voice speaks, or else the first voice there is.
    package func standIn(for voice: String, speaking language: String?) async -> StandIn? {
        guard let failed = await synthesizer(for: voice), isRemote(failed.name) else { return nil }
        let known = await failed.voices().first { $0.id == voice || "\(failed.name)/\($0.id)" == voice }
        let wanted = language ?? known.flatMap { $0.language == "und" ? nil : $0.language }
        let all = await voices().filter { !isRemote($0.engine) }
        let usual = all.first { $0.id == defaultVoice } ?? all.first
        let fitting = wanted.map { wanted in all.filter { $0.speaks(wanted) } }
        let choice: Voice?
        if let wanted, let fitting {
            choice = fitting.first { $0.id == usual?.id } ?? fitting.first { $0.isUsual(for: wanted) } ?? fitting.first
        } else {
            choice = usual
        }
        guard let choice, let engine = engines.first(where: { $0.name == choice.engine }) else { return nil }
        return StandIn(voice: choice, synthesizer: engine)
    }

    private func isRemote(_ engine: String) -> Bool {
        engines.contains { $0.name == engine && $0.state.isRemote }
    }

    package func states() async -> [EngineState] {
        engines.map { engine in
            var state = engine.state
            state.memoryByteCount = engine.memoryByteCount
            return state
        }
    }

    private func follow(_ engine: any Engine) async {
        var known: EngineState?
        while let state = await engine.state(after: known) {
            changes.publish(state)
            known = state
        }
    }
}
