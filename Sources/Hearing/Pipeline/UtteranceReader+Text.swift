internal import Flow
internal import VoiceCore

/// What becomes of the text of an utterance once it is read.
extension UtteranceReader {
    /// A grammar takes a twelfth of the sound's time; an engine that is busy beyond that is waited for only by the patient.
    private static let orderLimit = Duration.seconds(5)
    /// Marks take a hundredth of that; a model that has to be loaded first is not waited for.
    private static let punctuationLimit = Duration.seconds(1)

    /// Tells the text of an utterance, as an order if it was one, and has it read again where that may help.
    func finish(
        _ utterance: HeardUtterance, _ transcript: Transcript, _ turn: ReadingTurn, _ fallback: ReadingFallback?
    ) async {
        guard let ending = utterance.knownEnding else { return }
        let (transcriber, settings) = (turn.transcriber, turn.settings)
        let order = await order(utterance, by: transcriber, settings)
        guard order?.meant != nil || !transcript.text.isEmpty else {
            return tell(utterance, .transcriptFailed(code: Fault.noSpeech.rawValue))
        }
        let text = if let meant = order?.meant { meant } else { await punctuated(transcript, settings) }
        var said = UtteranceTranscript(
            transcript: text, start: utterance.start, end: ending.end, engine: transcriber.name,
            latency: max(.zero, timeline.now - ending.speechEndedAt))
        said.transcript.adaptation = transcript.adaptation
        said.order = order?.heard
        said.fallback = fallback
        said.wake = await turn.spotting.wake()
        said.saidAt = WallTime.now() + (utterance.startedAt - timeline.now)
        let mark = mark()
        tell(utterance, .transcriptFinal(said))
        // What is known to be an order is not read as anything else.
        guard order?.meant == nil, let (second, reading) = transcribers.second(after: transcriber, settings) else {
            return
        }
        reread(
            Revision(
                utterance: utterance, first: said, transcriber: second, reading: reading, language: settings.language,
                mark: mark, punctuate: { await punctuated($0, settings) }))
    }

    /// The text with marks where it has none and an engine can set them; a slow one is not waited for.
    private func punctuated(_ transcript: Transcript, _ settings: RecognitionSettings) async -> Transcript {
        guard settings.punctuate ?? true, !transcript.text.contains(where: { ".,?!。，？！、".contains($0) }),
            let punctuator = helpers.punctuator(for: transcript.language ?? settings.language)
        else { return transcript }
        let text = await timeline.limit(Self.punctuationLimit) { await punctuator.punctuate(transcript.text) }
        guard let text, !text.isEmpty else { return transcript }
        var transcript = transcript
        transcript.text = text
        return transcript
    }

    /// Which order the sound is most like, if the engine can tell; and its words as text if it is meant.
    private func order(
        _ utterance: HeardUtterance, by transcriber: any Transcriber, _ settings: RecognitionSettings
    ) async -> (heard: HeardOrder, meant: Transcript?)? {
        guard transcriber.readings.contains(.orders), let question = orders(),
            utterance.audio.duration <= question.longest, let ending = utterance.knownEnding
        else { return nil }
        return await timeline.limit(max(Self.orderLimit, settings.patience ?? .zero)) {
            // Without an answer the text alone counts.
            let found = try? await transcriber.transcribe(
                utterance.audio, as: TranscriptionRequest(reading: .orders(question.grammar)), emit: { _ in })
            guard let found, !found.text.isEmpty, let confidence = found.confidence,
                InventionRule().reason(against: found.text, ending.evidence) == nil
            else { return nil }
            let heard = HeardOrder(text: found.text, score: 100 * confidence)
            guard heard.score >= HeardOrder.likelyScore else { return nil }
            return (heard, question.isMeant(heard) ? found : nil)
        } ?? nil
    }
}
