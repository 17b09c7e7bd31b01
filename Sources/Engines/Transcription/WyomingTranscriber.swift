package import Flow
internal import Sound
package import VoiceCore
internal import Wyoming

/// A recogniser that is reached by Wyoming events: worker processes of our own, or a server that runs elsewhere.
package final class WyomingTranscriber: TranscriberEngine {
    package let name: String
    /// How long the worker may take for an answer once it has everything, beside what the utterance's length allows.
    private let answerLimit: Duration
    /// How often that length counts.
    private let lengthFactor: Int
    private let isElsewhere: Bool
    /// What is known of a model that is not loaded; nil for engines that tell it themselves at once.
    private let model: NeuralModel?
    private let kind: EngineKind
    package let languages: [String]
    /// What it is like, for people; nil where nobody has said so.
    private let about: String?
    private let desk: WorkerDesk
    private let keeper: any Service
    private let timeline = Timeline.live()

    /// A recogniser whose workers are started and watched here.
    ///
    /// - Parameters:
    ///   - name: Lower case, without spaces; part of socket names.
    ///   - directory: Where the workers' sockets are made; it exists and belongs to this server alone.
    ///   - model: What is known of it before it is loaded.
    ///   - languages: What it understands, where there is no model that says it.
    ///   - about: What it is like, lower case, no full stop.
    package init(
        name: String, worker command: WorkerCommand, directory: String, options: PoolOptions,
        model: NeuralModel? = nil, kind: EngineKind = .recogniser, languages: [String] = [],
        about: String? = nil, log: Log
    ) {
        self.kind = kind
        self.about = about
        self.languages = model?.languages ?? languages
        self.name = name
        self.model = model
        (answerLimit, lengthFactor) = (options.silenceLimit, options.lengthFactor)
        isElsewhere = false
        desk = WorkerDesk(size: options.size, isWarm: options.isWarm, spareSize: options.spareSize)
        keeper = WorkerPool(
            engine: name, command: command, directory: directory, options: options, desk: desk,
            log: log.labelled("engine.\(name)"))
    }

    /// A recogniser that runs elsewhere.
    ///
    /// - Parameter address: `tcp://host:port` or `unix:/path`.
    /// - Returns: Nil where that is no address.
    package init?(name: String, address: String, options: PoolOptions, log: Log) {
        guard let address = EngineAddress(address) else { return nil }
        self.name = name
        model = nil
        kind = .recogniser
        // A server may have many models, and changes them as it likes.
        languages = []
        about = nil
        (answerLimit, lengthFactor) = (options.silenceLimit, options.lengthFactor)
        isElsewhere = true
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

    package var readings: ReadingKinds {
        let names = desk.info?.hearing.first?.readings ?? model?.readings ?? []
        var kinds: ReadingKinds = []
        if names.contains("second") { kinds.insert(.second) }
        if names.contains("orders") { kinds.insert(.orders) }
        if names.contains("partials") { kinds.insert(.partials) }
        if names.contains("translation") { kinds.insert(.translation) }
        return kinds
    }

    package var memoryByteCount: Int? { desk.memoryByteCount }

    package func models() async -> [TranscriberModel] {
        if desk.info == nil, let model { return [TranscriberModel(name: model.name, languages: model.languages)] }
        let programs = desk.info?.hearing.filter(\.artifact.isInstalled) ?? []
        return programs.flatMap(\.models).filter(\.artifact.isInstalled).map { model in
            TranscriberModel(
                name: model.artifact.name, languages: model.languages.map { $0.replacing("_", with: "-") },
                description: model.artifact.about)
        }
    }

    package func transcribe(
        _ audio: UtteranceAudio, as request: TranscriptionRequest,
        emit: @Sendable (PartialTranscript) async -> Void
    ) async throws(TranscriptionError) -> Transcript? {
        var progress = PartialProgress()
        // A death costs one more try, with the same audio from its beginning.
        var deathCount = 0
        for _ in 0..<Self.tryLimit {
            switch await desk.lease(request.isSpare ? .spare : .now) {
            case nil: return nil
            case .refused: throw .notReady(engine: name)
            case .shed: throw .shed(engine: name)
            case .granted(let lease):
                guard supports(request) else {
                    desk.giveBack(lease, .finished)
                    throw .unsupported(engine: name)
                }
                let outcome = await hear(audio, as: request, on: lease.worker, &progress, emit)
                desk.giveBack(lease, outcome.leaseEnd)
                switch outcome {
                case .finished(let transcript): return transcript
                case .cancelled: return nil
                case .failed(let error), .broken(let error): throw error
                case .unreached: break
                case .died:
                    progress.restart()
                    deathCount += 1
                    if deathCount == 3 { throw .died(engine: name) }
                }
            }
        }
        throw .died(engine: name)
    }

    /// Known only once a worker has answered, which it has before it is lent.
    private func supports(_ request: TranscriptionRequest) -> Bool {
        switch request.reading {
        case .live: true
        case .second: readings.contains(.second)
        case .orders: readings.contains(.orders)
        case .keywords: kind == .keywords
        case .translation: readings.contains(.translation)
        }
    }

    private func engineState(_ phase: EnginePhase) -> EngineState {
        var state = EngineState(
            engine: name, phase: phase.phase, reason: phase.reason, isRemote: isElsewhere,
            usualStart: phase.phase == .starting ? model?.loadTime : nil, kind: kind)
        (state.languages, state.about) = (languages, about)
        state.isInstalled = phase.phase != .failed || isElsewhere
        return state
    }
}

extension WyomingTranscriber {
    /// How one try ended.
    private enum Outcome {
        case finished(Transcript)
        case cancelled
        /// The worker was not there any more.
        case unreached
        /// The worker ended over the request.
        case died
        /// The engine refused the request and is ready for the next.
        case failed(TranscriptionError)
        /// The engine cannot be trusted any more.
        case broken(TranscriptionError)

        var leaseEnd: LeaseEnd {
            switch self {
            case .finished, .failed: .finished
            case .cancelled: .cancelled
            case .unreached, .died, .broken: .broken
            }
        }
    }

    private func hear(
        _ audio: UtteranceAudio, as request: TranscriptionRequest, on worker: Worker,
        _ progress: inout PartialProgress, _ emit: @Sendable (PartialTranscript) async -> Void
    ) async -> Outcome {
        let line = HearingLine(worker)
        let interruption = Interruption()
        return await withTaskCancellationHandler {
            var outcome: Outcome
            var isAsked = false
            do throws(TransportError) {
                let mouth = try await line.ask(TranscribeRequest(request, engine: name), interruption: interruption)
                isAsked = true
                let feed = HearingFeed(audio, to: mouth, timeline: timeline)
                async let _: Void = feed.run()
                // Ends a call of the feed that blocks, which is waited for here.
                defer { interruption.interrupt() }
                outcome = try await read(line, feed, &progress, emit)
            } catch {
                outcome = self.outcome(of: error)
                if case .died = outcome, !isAsked { outcome = .unreached }
            }
            await line.close()
            if case .finished = outcome { return outcome }
            return Task.isCancelled ? .cancelled : outcome
        } onCancel: {
            interruption.interrupt()
        }
    }

    private func read(
        _ line: HearingLine, _ feed: HearingFeed, _ progress: inout PartialProgress,
        _ emit: @Sendable (PartialTranscript) async -> Void
    ) async throws(TransportError) -> Outcome {
        while !Task.isCancelled {
            guard let event = try await nextEvent(line, feed) else { return .died }
            switch event {
            case .partialTranscript(let heard):
                if let partial = progress.take(tentative: heard.text) { await emit(partial) }
            case .transcriptChunk(let text):
                if let partial = progress.take(chunk: text) { await emit(partial) }
            case .transcript(let heard): return .finished(Transcript(heard, engine: name))
            case .error(_, "unknown_language"): return .failed(.unsupported(engine: name))
            case .error(let text, _): return .failed(.failed(engine: name, message: text))
            default: break
            }
        }
        return .cancelled
    }

    /// Waits as long as somebody speaks, and for a bounded time after that.
    private func nextEvent(_ line: HearingLine, _ feed: HearingFeed) async throws(TransportError) -> WyomingEvent? {
        while true {
            do throws(TransportError) {
                return try await line.next(silenceLimit: .milliseconds(500))
            } catch .timedOut {
                guard !Task.isCancelled, !feed.hasEnded(longerThan: answerLimit + feed.length * lengthFactor) else {
                    throw .timedOut
                }
            }
        }
    }

    private func outcome(of error: TransportError) -> Outcome {
        switch error {
        case .timedOut: .broken(.timedOut(engine: name))
        case .closed, .event(.cut), .system: .died
        case .event, .pathTooLong, .unknownHost: .broken(.failed(engine: name, message: error.description))
        }
    }
}

extension TranscribeRequest {
    fileprivate init(_ request: TranscriptionRequest, engine: String) {
        self.init(language: request.language)
        isSpare = request.isSpare
        if request.adaptation?.engine == engine { adaptation = request.adaptation?.values }
        switch request.reading {
        case .live(let partials): wantsPartials = partials
        case .translation: reading = .translation
        case .second: reading = .second
        case .orders(let grammar):
            reading = .orders
            self.grammar = grammar.text
        case .keywords(let phrases): self = TranscribeRequest(lookingFor: phrases)
        }
    }
}

extension Transcript {
    fileprivate init(_ heard: HeardText, engine: String) {
        self.init(
            text: heard.text.trimmed,
            words: heard.words.map { word in
                TranscriptWord(
                    text: word.text, start: .milliseconds(word.startMilliseconds),
                    end: .milliseconds(word.endMilliseconds), confidence: word.confidence)
            },
            confidence: heard.confidence, language: heard.language?.replacing("_", with: "-"),
            adaptation: heard.adaptation.map { Adaptation(engine: engine, values: $0) })
    }
}

extension String {
    /// Whisper servers begin their text with a space.
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
