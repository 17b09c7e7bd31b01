internal import Flow
package import VoiceCore

/// The engines that help a recogniser, which may come and go; of several of a kind the first is asked.
package final class HearingHelpers: Sendable {
    /// What one does.
    package enum Helper: Sendable {
        case noiseReducer(any NoiseReducer)
        case punctuator(any Punctuator)
        /// Finds phrases.
        case spotter(any TranscriberEngine)

        /// The engine itself.
        package var engine: any LivingEngine {
            switch self {
            case .noiseReducer(let engine): engine
            case .punctuator(let engine): engine
            case .spotter(let engine): engine
            }
        }
    }

    private let lineup = Lineup<Helper>()

    package init() {}

    /// Adds a helper behind all others.
    ///
    /// - Returns: False if its name is taken.
    package func add(_ helper: Helper) -> Bool { lineup.add(helper, named: helper.engine.name) }

    /// Takes a helper out.
    package func remove(named name: String) { lineup.remove(named: name) }

    /// What they are doing.
    package var states: [EngineState] {
        lineup.members.map { helper in
            var state = helper.engine.state
            state.memoryByteCount = helper.engine.memoryByteCount
            return state
        }
    }

    package var noiseReducer: (any NoiseReducer)? {
        lineup.members.lazy.compactMap { if case .noiseReducer(let engine) = $0 { engine } else { nil } }.first
    }

    package var spotter: (any TranscriberEngine)? {
        lineup.members.lazy.compactMap { if case .spotter(let engine) = $0 { engine } else { nil } }.first
    }

    /// - Parameter language: BCP 47; nil where nobody knows.
    package func punctuator(for language: String?) -> (any Punctuator)? {
        let all = lineup.members.compactMap { if case .punctuator(let engine) = $0 { engine } else { nil } }
        guard let language else { return all.first }
        return all.first { engine in
            engine.languages.isEmpty || engine.languages.contains { LanguageTag.isSameLanguage($0, language) }
        }
    }

    /// Runs the engines until cancelled.
    ///
    /// - Parameter tell: Told every change of what one is doing.
    package func run(_ tell: @escaping @Sendable (EngineState) -> Void) async throws {
        try await lineup.run { helper in
            try await helper.engine.live(tell)
        } left: { helper in
            tell(EngineState(engine: helper.engine.name, phase: .unloaded, kind: helper.engine.state.kind))
        }
    }
}

extension LivingEngine {
    /// Runs the engine and tells every change of what it is doing.
    func live(_ tell: @escaping @Sendable (EngineState) -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run() }
            group.addTask {
                var known: EngineState?
                while let state = await self.state(after: known) {
                    known = state
                    tell(state)
                }
            }
            try await group.waitForAll()
        }
    }
}
