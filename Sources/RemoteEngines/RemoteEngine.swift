import Flow
import Sound
import VoiceCore

/// A speech server that others run, asked over HTTP: one request for each clause.
final class RemoteEngine: Engine {
    private struct Contents: Sendable {
        var circuit = Circuit()
        /// Nil until the server has told.
        var voices: [Voice]?
    }

    let name: String
    private let server: any SpeechServer
    private let limits: RemoteLimits
    private let namedVoices: [Voice]
    private let log: Log
    private let contents = Monitor(Contents())
    /// When to look at the server next.
    private let alarm: Alarm

    /// - Parameter voices: Those that are known to be there, for a server that cannot tell.
    init(name: String, server: any SpeechServer, voices: [String], limits: RemoteLimits, log: Log) {
        self.name = name
        self.server = server
        self.limits = limits
        self.log = log
        namedVoices = voices.map {
            Voice(id: $0, engine: name, name: $0, language: "und", sampleRate: server.format.sampleRate)
        }
        alarm = Alarm(timeline: limits.timeline)
    }

    var skills: SpeechSkills { server.skills }

    // MARK: Its state

    var state: EngineState { Self.state(name, contents.withLock { $0.circuit.phase }) }

    func state(after known: EngineState?) async -> EngineState? {
        await contents.wait { [name] contents in
            let state = Self.state(name, contents.circuit.phase)
            return state == known ? nil : state
        }
    }

    private static func state(_ name: String, _ phase: Circuit.Phase) -> EngineState {
        switch phase {
        case .untried: EngineState(engine: name, phase: .starting, isRemote: true)
        case .ready: EngineState(engine: name, phase: .ready, isRemote: true)
        case .failed(_, let reason): EngineState(engine: name, phase: .failed, reason: reason, isRemote: true)
        }
    }

    func voices() async -> [Voice] {
        let listed = contents.withLock { $0.voices } ?? []
        return listed.isEmpty ? namedVoices : listed
    }

    func mayHave(_ voice: String) -> Bool {
        namedVoices.isEmpty && contents.withLock { $0.voices ?? [] }.isEmpty
    }

    // MARK: Looking after it

    /// Reads the list of voices, now and then while all is well, and to see whether it is well again.
    func run() async throws {
        while !Task.isCancelled {
            await look()
            await alarm.wait()
        }
    }

    private func look() async {
        do throws(RemoteFault) {
            let listed = try await server.list(engine: name, limits)
            contents.update { contents in
                if let listed { contents.voices = listed }
                contents.circuit.answered()
            }
            setAlarm()
        } catch {
            if error != .cancelled { failed(error) }
        }
    }

    private func failed(_ fault: RemoteFault) {
        let reason = fault.sentence(engine: name)
        var pause: Duration?
        if case .tooMany(let wish) = fault { pause = wish }
        contents.update { contents in
            contents.circuit.failed(reason, isLasting: fault.isLasting, pause: pause, at: limits.timeline.now)
        }
        log.limited("failed").warning("remote.failed", ["reason": reason])
        setAlarm()
    }

    private func setAlarm() {
        let phase = contents.withLock { $0.circuit.phase }
        if case .failed(let time, _) = phase {
            alarm.set(time)
        } else {
            alarm.set(limits.timeline.now + limits.refresh)
        }
    }
}

// Speaking
extension RemoteEngine {
    func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        if let reason = contents.withLock({ $0.circuit.refusal }) { throw .failed(engine: name, message: reason) }
        do throws(RemoteFault) {
            try await ask(clause) { await emit(.audio($0)) }
            contents.update { $0.circuit.spoke() }
        } catch {
            if error == .cancelled || Task.isCancelled { return }
            failed(error)
            if case .silent = error { throw .timedOut(engine: name) }
            throw .failed(engine: name, message: error.sentence(engine: name))
        }
    }

    /// Asks again after a short pause that the server wished for; audio never comes before such a wish.
    private func ask(
        _ clause: Clause, emit: @Sendable (AudioChunk) async -> Void
    ) async throws(RemoteFault) {
        let exchange = SpeechExchange(server: server, limits: limits)
        var repeats = limits.repeatCount
        while true {
            do throws(RemoteFault) {
                return try await exchange.speak(clause, voice: localName(of: clause.voice), emit: emit)
            } catch {
                guard case .tooMany(let wish) = error, repeats > 0 else { throw error }
                let pause = wish ?? .seconds(1)
                guard pause <= limits.shortPause else { throw error }
                repeats -= 1
                await limits.timeline.sleep(until: limits.timeline.now + pause)
                if Task.isCancelled { throw .cancelled }
            }
        }
    }

    private func localName(of voice: String) -> String {
        voice.hasPrefix(name + "/") ? String(voice.dropFirst(name.count + 1)) : voice
    }
}
