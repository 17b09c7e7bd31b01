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
        case fault(Fault)
    }

    /// ARCHITECTURE.md: how long an engine may take to start, which is not counted as being behind.
    private static let startLimit = Duration.seconds(120)
    /// An engine that is not there is asked again so soon.
    private static let retryInterval = Duration.milliseconds(500)

    /// A small grammar takes a hundredth of the sound's time; a busy engine is not waited for.
    private static let orderLimit = Duration.seconds(1)

    let transcribers: TranscriberRoster
    let timeline: Timeline
    /// How to read, at the moment.
    let settings: @Sendable () -> RecognitionSettings
    /// Tells what an utterance brought; in order.
    let tell: @Sendable (HeardUtterance, Event.Body) -> Void
    /// Takes what may be read again with more effort.
    let reread: @Sendable (Revision) -> Void
    let helpers: HearingHelpers
    /// What is to be asked about the sound of a text; nil for nothing.
    let orders: @Sendable (String) -> OrderGrammar?

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
        switch await read(utterance, by: transcriber, settings, adaptation, readyAt) {
        case .text(let transcript):
            await finish(utterance, transcript, by: transcriber, settings, spotting)
            return transcript.adaptation
        case .fault(let fault):
            tell(utterance, .transcriptFailed(code: fault.rawValue))
            return nil
        }
    }

    private func read(
        _ utterance: HeardUtterance, by transcriber: any Transcriber, _ settings: RecognitionSettings,
        _ adaptation: Adaptation?, _ readyAt: Monitor<Duration>
    ) async -> Outcome {
        let request = TranscriptionRequest(
            reading: .live(partials: settings.partials ?? true), language: settings.language, adaptation: adaptation)
        let isMissing = Monitor(false)
        return await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await ask(transcriber, request, utterance, isMissing) }
            group.addTask {
                guard let ending = await utterance.waitForEnding() else { return .fault(.serverStopping) }
                if await hasJustStarted(transcriber) { readyAt.withLock { $0 = timeline.now } }
                await timeline.sleep(
                    until: max(ending.knownAt, readyAt.withLock { $0 }) + (settings.patience ?? LagRule.limit))
                if Task.isCancelled { return .fault(.serverStopping) }
                return .fault(isMissing.withLock { $0 } ? .engineFailed : .overloaded)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .fault(.serverStopping)
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

    private func ask(
        _ transcriber: any Transcriber, _ request: TranscriptionRequest, _ utterance: HeardUtterance,
        _ isMissing: Monitor<Bool>
    ) async -> Outcome {
        while !Task.isCancelled {
            do throws(TranscriptionError) {
                let transcript = try await transcriber.transcribe(utterance.audio, as: request) { partial in
                    tell(utterance, .transcriptPartial(partial))
                }
                guard let transcript, let ending = await utterance.waitForEnding() else { break }
                let isBelieved =
                    !transcript.text.isEmpty
                    && InventionRule().reason(against: transcript.text, ending.evidence) == nil
                return isBelieved ? .text(transcript) : .fault(.noSpeech)
            } catch {
                guard case .notReady = error else { return .fault(.engineFailed) }
                isMissing.update { $0 = true }
                await timeline.sleep(until: timeline.now + Self.retryInterval)
            }
        }
        return .fault(.serverStopping)
    }

    private func finish(
        _ utterance: HeardUtterance, _ transcript: Transcript, by transcriber: any Transcriber,
        _ settings: RecognitionSettings, _ spotting: KeywordSpotting
    ) async {
        guard let ending = utterance.knownEnding else { return }
        let order = await order(utterance, transcript.text, by: transcriber)
        let transcript = await punctuated(transcript, settings)
        var said = UtteranceTranscript(
            transcript: transcript, start: utterance.start, end: ending.end, engine: transcriber.name,
            latency: max(.zero, timeline.now - ending.speechEndedAt))
        said.order = order
        said.wake = await spotting.wake()
        tell(utterance, .transcriptFinal(said))
        guard settings.revise ?? true, let reviser = reviser(after: transcriber, settings) else { return }
        reread(Revision(utterance: utterance, first: said, transcriber: reviser, language: settings.language))
    }

    /// The text with marks where it has none and an engine can set them; a slow one is not waited for.
    private func punctuated(_ transcript: Transcript, _ settings: RecognitionSettings) async -> Transcript {
        guard settings.punctuate ?? true, !transcript.text.contains(where: { ".,?!。，？！、".contains($0) }),
            let punctuator = helpers.punctuator(for: transcript.language ?? settings.language)
        else { return transcript }
        let text = await timeline.limit(Self.orderLimit) { await punctuator.punctuate(transcript.text) }
        guard let text, !text.isEmpty else { return transcript }
        var transcript = transcript
        transcript.text = text
        return transcript
    }

    /// Who reads it once more; nil for nobody.
    private func reviser(after first: any Transcriber, _ settings: RecognitionSettings) -> (any Transcriber)? {
        if let name = settings.reviser, name != first.name { return transcribers.transcriber(named: name) }
        return first.readings.contains(.second) ? first : nil
    }

    /// Which command the sound is, if its text is nearly one and the engine can tell.
    private func order(
        _ utterance: HeardUtterance, _ text: String, by transcriber: any Transcriber
    ) async -> String? {
        guard transcriber.readings.contains(.orders), let grammar = orders(text) else { return nil }
        return await timeline.limit(Self.orderLimit) {
            // Without an answer the text alone counts.
            let found = try? await transcriber.transcribe(
                utterance.audio, as: TranscriptionRequest(reading: .orders(grammar)), emit: { _ in })
            guard let order = found?.text, !order.isEmpty else { return nil }
            return order
        }
    }
}
