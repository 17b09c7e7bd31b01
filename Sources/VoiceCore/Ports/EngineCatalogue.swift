/// What an engine is doing.
package struct EngineState: Hashable, Sendable {
    /// Where it stands.
    package enum Phase: String, CaseIterable, Hashable, Sendable {
        case starting, ready, failed, unloaded
    }

    package var engine: String
    package var phase: Phase
    /// Why it failed, and what to do.
    package var reason: String?

    package init(engine: String, phase: Phase, reason: String? = nil) {
        self.engine = engine
        self.phase = phase
        self.reason = reason
    }
}

/// All engines of the server, behind one list of voices.
package protocol EngineCatalogue: Sendable {
    func voices() async -> [Voice]

    /// The voice of requests that name none.
    var defaultVoice: String { get }

    /// - Parameter voice: A voice id.
    /// - Returns: nil if no engine has that voice.
    func synthesizer(for voice: String) async -> (any Synthesizer)?

    func states() async -> [EngineState]
}

extension EngineCatalogue {
    /// A voice for a request that names none.
    ///
    /// - Parameters:
    ///   - language: BCP 47; nil for any.
    ///   - preferred: Taken if it speaks that language.
    /// - Returns: Nil if no voice speaks that language.
    package func voice(speaking language: String?, preferring preferred: String?) async -> String? {
        guard let language else { return preferred ?? defaultVoice }
        let all = await voices()
        let usual = [preferred, defaultVoice].compactMap { id in all.first { $0.id == id } }
        if let voice = usual.first(where: { $0.speaks(language) }) { return voice.id }
        let fitting = all.filter { $0.speaks(language) }
        return (fitting.first { $0.isUsual(for: language) } ?? fitting.first)?.id
    }
}
