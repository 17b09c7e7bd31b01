internal import Flow
internal import VoiceCore

/// Has the utterances of one source read, one after the other, and tells what was said.
struct UtteranceReader: Sendable {
    /// Why there is no text, as `transcript.failed` tells it.
    enum Fault: String, Sendable {
        /// Nothing was said, or what the engine understood is not believed.
        case noSpeech = "no_speech"
        case overloaded
        case engineFailed = "engine_failed"
        case serverStopping = "server_stopping"
    }

    private enum Outcome: Sendable {
        case text(Transcript)
        /// Why not, and in words.
        case fault(Fault, String)

        static let stopping = Outcome.fault(.serverStopping, "")
    }

    /// ARCHITECTURE.md: how long an engine may take to start, which is not counted as being behind.
    private static let startLimit = Duration.seconds(120)
    /// An engine that is not there is asked again so soon.
    private static let retryInterval = Duration.milliseconds(500)

    /// How long an engine elsewhere is waited for that cannot be reached, where another one can read.
    private static let grace = Duration.seconds(1)

    let transcribers: TranscriberRoster
    let timeline: Timeline
    /// How to read, at the moment.
    let settings: @Sendable () -> RecognitionSettings
    /// Tells what an utterance brought; in order.
    let tell: @Sendable (HeardUtterance, Event.Body) -> Void
    /// Takes what may be read again with more effort.
    let reread: @Sendable (Revision) -> Void
    /// What is forgotten of its session so far.
    let mark: @Sendable () -> ForgottenSpeech.Mark
    let helpers: HearingHelpers
    /// What is to be found out about the sound; nil for nothing.
    let orders: @Sendable () -> OrderQuestion?

    /// Reads until the line ends.
    func run(_ line: Channel<HeardUtterance>, done: (HeardUtterance) async -> Void) async {
        var adaptation: Adaptation?
        let readyAt = Monitor(Duration.zero)
        while let utterance = await line.next() {
            let settings = settings()
            let spotting = KeywordSpotting(helpers.spotter, settings, timeline)
            adaptation = await spotting.accompany(utterance, tell) {
                await readWhole(utterance, settings, adaptation, readyAt, spotting) ?? adaptation
            }
            await done(utterance)
        }
    }

    /// Has one utterance read, and tells what was said.
    ///
    /// - Returns: What was learnt about the source.
    private func readWhole(
        _ utterance: HeardUtterance, _ settings: RecognitionSettings, _ adaptation: Adaptation?,
        _ readyAt: Monitor<Duration>, _ spotting: KeywordSpotting
    ) async -> Adaptation? {
        guard let transcriber = transcribers.transcriber(named: settings.engine) else {
            // A model may have been removed while its source runs.
            if settings.engine != RecognitionSettings.noEngine {
                tell(utterance, .transcriptFailed(code: Fault.engineFailed.rawValue))
            }
            return nil
        }
        return await take(utterance, ReadingTurn(transcriber, settings, adaptation, readyAt, spotting))
    }

    /// Has an utterance read, by an engine of this machine where the one elsewhere does not.
    ///
    /// - Returns: What was learnt about the source.
    private func take(_ utterance: HeardUtterance, _ first: ReadingTurn) async -> Adaptation? {
        var turn = first
        let standIn = transcribers.standIn(for: turn.transcriber)
        turn.hasStandIn = standIn != nil
        let outcome = await read(utterance, turn)
        guard let standIn, case .fault(let fault, let reason) = outcome, [.engineFailed, .overloaded].contains(fault)
        else { return await settle(utterance, outcome, turn, nil) }
        let fallback = ReadingFallback(engine: turn.transcriber.name, reason: reason)
        turn.hasStandIn = false
        turn.transcriber = standIn
        if turn.hasConfirmed.withLock({ $0 }) { turn.settings.partials = false }
        return await settle(utterance, await read(utterance, turn), turn, fallback)
    }

    private func settle(
        _ utterance: HeardUtterance, _ outcome: Outcome, _ turn: ReadingTurn, _ fallback: ReadingFallback?
    ) async -> Adaptation? {
        switch outcome {
        case .text(let transcript):
            await finish(utterance, transcript, turn, fallback)
            return transcript.adaptation
        case .fault(.noSpeech, _): await finish(utterance, Transcript(text: ""), turn, fallback)
        case .fault(let fault, _): tell(utterance, .transcriptFailed(code: fault.rawValue))
        }
        return nil
    }

    private func read(_ utterance: HeardUtterance, _ turn: ReadingTurn) async -> Outcome {
        let isMissing = Monitor(false)
        return await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await ask(utterance, turn, isMissing) }
            group.addTask {
                guard let ending = await utterance.waitForEnding() else { return .stopping }
                if await hasJustStarted(turn.transcriber) { turn.readyAt.withLock { $0 = timeline.now } }
                await timeline.sleep(until: max(ending.knownAt, turn.readyAt.withLock { $0 }) + turn.patience)
                if Task.isCancelled { return .stopping }
                let late = TranscriptionError.timedOut(engine: turn.transcriber.name)
                return .fault(isMissing.withLock { $0 } ? .engineFailed : .overloaded, late.description)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .stopping
        }
    }

    /// Waits while the engine starts; whether it did.
    private func hasJustStarted(_ transcriber: any Transcriber) async -> Bool {
        guard let engine = transcriber as? any TranscriberEngine else { return false }
        let first = engine.state
        guard [.starting, .unloaded].contains(first.phase) else { return false }
        _ = await timeline.limit(Self.startLimit) {
            var state = first
            while [.starting, .unloaded].contains(state.phase), let next = await engine.state(after: state) {
                state = next
            }
            return true
        }
        return true
    }

    private func ask(_ utterance: HeardUtterance, _ turn: ReadingTurn, _ isMissing: Monitor<Bool>) async -> Outcome {
        let request = TranscriptionRequest(
            reading: .live(partials: turn.settings.partials ?? true), language: turn.settings.language,
            adaptation: turn.adaptation, isSpare: turn.settings.isSpare ?? false)
        while !Task.isCancelled {
            do throws(TranscriptionError) {
                let transcript = try await turn.transcriber.transcribe(utterance.audio, as: request) { partial in
                    if !partial.confirmed.isEmpty { turn.hasConfirmed.withLock { $0 = true } }
                    tell(utterance, .transcriptPartial(partial))
                }
                guard let transcript, let ending = await utterance.waitForEnding() else { break }
                let isBelieved =
                    !transcript.text.isEmpty
                    && InventionRule().reason(against: transcript.text, ending.evidence) == nil
                return isBelieved ? .text(transcript) : .fault(.noSpeech, "")
            } catch {
                if case .shed = error { return .fault(.overloaded, error.description) }
                guard case .notReady = error, !turn.hasStandIn || isEarly(utterance) else {
                    return .fault(.engineFailed, error.description)
                }
                isMissing.update { $0 = true }
                await timeline.sleep(until: timeline.now + Self.retryInterval)
            }
        }
        return .stopping
    }

    /// Whether an engine elsewhere may still come back without anybody having waited for it.
    private func isEarly(_ utterance: HeardUtterance) -> Bool {
        utterance.knownEnding.map { timeline.now < $0.knownAt + Self.grace } ?? true
    }
}
