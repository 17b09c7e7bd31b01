/// What an engine, or a model, is for.
package enum EngineKind: String, CaseIterable, Hashable, Sendable {
    case voice, recogniser
    /// Finds phrases while somebody speaks.
    case keywords
    case punctuation
    /// Takes noise away.
    case denoiser
}

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
    /// Whether it is a server that others run.
    package var isRemote: Bool
    /// How long it took to start when it was tried, while it starts.
    package var usualStart: Duration?
    /// What its workers hold in memory now, where somebody asked.
    package var memoryByteCount: Int?
    package var kind = EngineKind.voice
    /// Whether it can be used, now or once it is loaded; `reason` says why not.
    package var isInstalled = true
    /// BCP 47, where somebody asked and it is known.
    package var languages: [String] = []
    /// What it is like, for people: lower case, no full stop.
    package var about: String?
    /// Whether it is asked where no recogniser is named, where somebody asked.
    package var isUsual = false

    package init(
        engine: String, phase: Phase, reason: String? = nil, isRemote: Bool = false, usualStart: Duration? = nil,
        kind: EngineKind = .voice
    ) {
        self.kind = kind
        self.engine = engine
        self.phase = phase
        self.reason = reason
        self.isRemote = isRemote
        self.usualStart = usualStart
    }
}

/// All engines of the server, behind one list of voices.
package protocol EngineCatalogue: Sendable {
    func voices() async -> [Voice]

    /// Voices that could be had, with the reason why they are not.
    func absentVoices() async -> [Voice]

    /// The voice of requests that name none.
    var defaultVoice: String { get }

    /// - Parameter voice: A voice id.
    /// - Returns: nil if no engine has that voice.
    func synthesizer(for voice: String) async -> (any Synthesizer)?

    func states() async -> [EngineState]

    /// The voice that speaks for another one whose engine failed.
    ///
    /// - Parameter language: Of what is to be spoken, BCP 47; nil for that of the voice.
    /// - Returns: A voice of an engine of our own; nil where the failed engine is one itself, or none fits.
    func standIn(for voice: String, speaking language: String?) async -> StandIn?
}

/// A voice that speaks for another one, and who makes it.
package struct StandIn: Sendable {
    package var voice: Voice
    package var synthesizer: any Synthesizer

    package init(voice: Voice, synthesizer: any Synthesizer) {
        self.voice = voice
        self.synthesizer = synthesizer
    }
}

/// Which voice spoke the rest of a job, and why the chosen one did not.
package struct Fallback: Hashable, Sendable {
    package var engine: String
    package var voice: String
    package var reason: SynthesisError

    package init(engine: String, voice: String, reason: SynthesisError) {
        self.engine = engine
        self.voice = voice
        self.reason = reason
    }
}

extension EngineCatalogue {
    package func absentVoices() async -> [Voice] { [] }

    package func standIn(for voice: String, speaking language: String?) async -> StandIn? { nil }

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
