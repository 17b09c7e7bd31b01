/// What an engine is doing.
package struct EngineState: Hashable, Sendable {
    /// Where it stands.
    package enum Phase: String, Hashable, Sendable {
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
