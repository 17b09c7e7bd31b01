package import Flow
package import VoiceCore

/// All engines of the server; runs them, and tells every change of their states.
package final class EngineRoster: EngineCatalogue, Service {
    package let defaultVoice: String
    /// Every change of an engine's state, from the first one on.
    package let changes = Broadcast<EngineState>(capacity: 256)
    private let engines: [any Engine]

    /// - Parameter engines: In the order in which they are asked for a voice; their names differ.
    package init(_ engines: [any Engine], defaultVoice: String) {
        self.engines = engines
        self.defaultVoice = defaultVoice
    }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for engine in engines {
                group.addTask { try await engine.run() }
                group.addTask { await self.follow(engine) }
            }
            try await group.waitForAll()
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
        return nil
    }

    package func states() async -> [EngineState] { engines.map(\.state) }

    private func follow(_ engine: any Engine) async {
        var known: EngineState?
        while let state = await engine.state(after: known) {
            changes.publish(state)
            known = state
        }
    }
}
