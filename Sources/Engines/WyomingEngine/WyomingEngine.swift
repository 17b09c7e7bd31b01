package import Flow
package import VoiceCore
package import Wyoming

/// An engine that is reached by Wyoming events: worker processes of our own, or a server that runs elsewhere.
package final class WyomingEngine: Engine {
    package let name: String
    package let skills: SpeechSkills
    private let knownVoices: [Voice]
    /// What it is like, for people; nil where nobody has said so.
    private let about: String?
    private let silenceLimit: Duration
    /// Nil where nobody knows.
    private let usualStart: Duration?
    /// Whether the same clause gives the same samples again, so that a second try can go on where the first broke off.
    private let repeatsItself: Bool
    private let desk: WorkerDesk
    private let keeper: any Service

    /// An engine whose workers are started and watched here.
    ///
    /// - Parameters:
    ///   - name: Lower case, without spaces; part of socket names.
    ///   - directory: Where the workers' sockets are made; it exists and belongs to this server alone.
    ///   - knownVoices: What the engine offers before it has answered for the first time.
    ///   - about: What it is like, lower case, no full stop.
    package init(
        name: String, worker command: WorkerCommand, directory: String, options: PoolOptions = PoolOptions(),
        knownVoices: [Voice] = [], skills: SpeechSkills = .all, about: String? = nil, log: Log
    ) {
        self.name = name
        self.about = about
        self.skills = skills
        self.knownVoices = knownVoices
        silenceLimit = options.silenceLimit
        usualStart = options.usualStart
        repeatsItself = true
        desk = WorkerDesk(size: options.size, isWarm: options.isWarm)
        keeper = WorkerPool(
            engine: name, command: command, directory: directory, options: options, desk: desk,
            log: log.labelled("engine.\(name)"))
    }

    /// An engine that runs elsewhere.
    package init(name: String, address: EngineAddress, options: PoolOptions = PoolOptions(), log: Log) {
        self.name = name
        // The protocol has neither pace nor pitch.
        skills = .none
        knownVoices = []
        about = nil
        silenceLimit = options.silenceLimit
        usualStart = nil
        repeatsItself = false
        desk = WorkerDesk(size: options.size, isWarm: true)
        keeper = RemoteServer(
            address: address, connectionCount: options.size, desk: desk, log: log.labelled("engine.\(name)"))
    }

    /// Workers that were dead before they were asked cost a try each, and no more than these.
    private static let tryLimit = 8

    package func run() async throws { try await keeper.run() }

    package var state: EngineState { engineState(desk.phase) }

    package func state(after known: EngineState?) async -> EngineState? {
        let phase = await desk.phase(after: known.map { EnginePhase(phase: $0.phase, reason: $0.reason) })
        return phase.map(engineState)
    }

    /// The version that the engine gives itself; nil until it has answered for the first time, or where it gives none.
    package var version: String? { desk.info?.speech.first?.artifact.version }

    package var memoryByteCount: Int? { desk.memoryByteCount }

    package func voices() async -> [Voice] {
        guard let info = desk.info else { return knownVoices }
        return info.speech.filter(\.artifact.isInstalled).flatMap(\.voices).map { Voice($0, engine: name) }
    }

    package func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        var progress = SpeechProgress()
        // A death costs one more try; what was emitted is not emitted again.
        var deathCount = 0
        for _ in 0..<Self.tryLimit {
            switch await desk.lease() {
            case nil: return
            case .refused, .shed: throw .notReady(engine: name)
            case .granted(let lease):
                let outcome = await speak(clause, on: lease.worker, &progress, emit)
                desk.giveBack(lease, outcome.leaseEnd)
                switch outcome {
                case .finished, .cancelled: return
                case .failed(let error), .broken(let error): throw error
                case .unreached: break
                case .died:
                    guard repeatsItself || !progress.hasBegun else {
                        throw .failed(engine: name, message: "the connection was cut before the answer ended")
                    }
                    progress.restart()
                    deathCount += 1
                    if deathCount == 2 { throw .died(engine: name) }
                }
            }
        }
        throw .died(engine: name)
    }

    private func engineState(_ phase: EnginePhase) -> EngineState {
        var state = EngineState(
            engine: name, phase: phase.phase, reason: phase.reason,
            usualStart: phase.phase == .starting ? desk.startTime ?? usualStart : nil)
        state.about = about
        return state
    }
}

extension WyomingEngine {
    /// How one try ended.
    private enum Outcome {
        case finished
        case cancelled
        /// The worker was not there any more.
        case unreached
        /// The worker ended over the request.
        case died
        /// The engine refused the request and is ready for the next.
        case failed(SynthesisError)
        /// The engine cannot be trusted any more.
        case broken(SynthesisError)

        var isFinished: Bool { if case .finished = self { true } else { false } }

        var leaseEnd: LeaseEnd {
            switch self {
            case .finished, .failed: .finished
            case .cancelled: .cancelled
            case .unreached, .died, .broken: .broken
            }
        }
    }

    private func speak(
        _ clause: Clause, on worker: Worker, _ progress: inout SpeechProgress,
        _ emit: @Sendable (SynthesisPart) async -> Void
    ) async -> Outcome {
        let line = EngineLine(worker)
        let interruption = Interruption()
        let request = request(for: clause)
        return await withTaskCancellationHandler {
            var outcome: Outcome
            var isAsked = false
            do throws(TransportError) {
                try await line.ask(request, interruption: interruption)
                isAsked = true
                outcome = try await read(line, of: clause, &progress, emit)
            } catch {
                outcome = self.outcome(of: error)
                if case .died = outcome, !isAsked { outcome = .unreached }
            }
            await line.close()
            return Task.isCancelled && !outcome.isFinished ? .cancelled : outcome
        } onCancel: {
            interruption.interrupt()
        }
    }

    private func read(
        _ line: EngineLine, of clause: Clause, _ progress: inout SpeechProgress,
        _ emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(TransportError) -> Outcome {
        while let event = try await line.next(silenceLimit: silenceLimit) {
            switch event {
            case .audioStart(let start):
                if let part = progress.part(of: start) { await emit(part) }
            case .audioChunk(let piece):
                guard piece.shape.width == 2 else {
                    return .broken(.failed(engine: name, message: "samples of \(piece.shape.width * 8) bits"))
                }
                if let part = progress.part(of: piece) { await emit(part) }
            case .audioStop: return .finished
            case .error(_, "unknown_voice"): return .failed(.unknownVoice(clause.voice))
            case .error(let text, _): return .failed(.failed(engine: name, message: text))
            default: break
            }
            if Task.isCancelled { return .cancelled }
        }
        return .died
    }

    private func outcome(of error: TransportError) -> Outcome {
        switch error {
        case .timedOut: .broken(.timedOut(engine: name))
        case .closed, .event(.cut), .system: .died
        case .event, .pathTooLong, .unknownHost: .broken(.failed(engine: name, message: error.description))
        }
    }

    private func request(for clause: Clause) -> SynthesizeRequest {
        SynthesizeRequest(
            text: clause.text, voice: localName(of: clause.voice), language: clause.language, speed: clause.speed,
            pitch: clause.pitch == 1 ? nil : clause.pitch,
            phonemes: clause.phonemes.map {
                SpokenPhonemes(characterIndex: $0.range.lowerBound, characterCount: $0.range.count, ipa: $0.ipa)
            })
    }

    /// `flite/slt` names the same voice as `slt`, wherever two engines have voices of one name.
    private func localName(of voice: String) -> String {
        voice.hasPrefix(name + "/") ? String(voice.dropFirst(name.count + 1)) : voice
    }
}

extension Voice {
    fileprivate init(_ voice: EngineVoice, engine: String) {
        self.init(
            id: voice.artifact.name, engine: engine, name: voice.artifact.name,
            language: voice.languages.first.map { $0.replacing("_", with: "-") } ?? "und",
            gender: voice.gender.flatMap(Gender.init(rawValue:)), sampleRate: voice.sampleRate ?? 22_050,
            isInstalled: voice.artifact.isInstalled, licence: voice.licence, description: voice.artifact.about,
            loudness: voice.loudness)
    }
}
