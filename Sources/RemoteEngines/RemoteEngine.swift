import Flow
import Sound
import VoiceCore

/// A speech server that others run, asked over HTTP: one request for each clause.
final class RemoteEngine: Engine {
    let name: String
    private let server: any SpeechServer
    private let limits: RemoteLimits
    private let namedVoices: [Voice]
    private let health: ServerHealth
    /// As the server told them; empty until it has.
    private let listed = Monitor<[Voice]>([])

    /// - Parameter voices: Those that are known to be there, for a server that cannot tell.
    init(name: String, server: any SpeechServer, voices: [String], limits: RemoteLimits, log: Log) {
        self.name = name
        self.server = server
        self.limits = limits
        namedVoices = voices.map {
            Voice(id: $0, engine: name, name: $0, language: "und", sampleRate: server.format.sampleRate)
        }
        health = ServerHealth(of: name, .voice, untried: .starting, limits: limits, log: log)
    }

    var skills: SpeechSkills { server.skills }

    // MARK: Its state

    var state: EngineState { health.state }

    func state(after known: EngineState?) async -> EngineState? { await health.state(after: known) }

    func voices() async -> [Voice] {
        let listed = listed.withLock { $0 }
        return listed.isEmpty ? namedVoices : listed
    }

    func mayHave(_ voice: String) -> Bool {
        namedVoices.isEmpty && listed.withLock { $0.isEmpty }
    }

    // MARK: Looking after it

    /// Reads the list of voices, now and then while all is well, and to see whether it is well again.
    func run() async throws {
        await health.run { () throws(RemoteFault) in
            if let voices = try await server.list(engine: name, limits) { listed.update { $0 = voices } }
        }
    }
}

// Speaking
extension RemoteEngine {
    func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        if let reason = health.refusal { throw .failed(engine: name, message: reason) }
        do throws(RemoteFault) {
            let exchange = SpeechExchange(server: server, limits: limits)
            // Audio never comes before a wish for a pause.
            try await health.ask { () throws(RemoteFault) in
                try await exchange.speak(clause, voice: localName(of: clause.voice)) { await emit(.audio($0)) }
            }
            health.didWork()
        } catch {
            if error == .cancelled || Task.isCancelled { return }
            health.failed(error)
            if case .silent = error { throw .timedOut(engine: name) }
            throw .failed(engine: name, message: error.sentence(engine: name))
        }
    }

    private func localName(of voice: String) -> String {
        voice.hasPrefix(name + "/") ? String(voice.dropFirst(name.count + 1)) : voice
    }
}
