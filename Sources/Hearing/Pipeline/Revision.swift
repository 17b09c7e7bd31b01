internal import Flow
internal import VoiceCore

/// An utterance whose text is known and that may be understood better with more effort.
struct Revision: Sendable {
    /// Of each source: what comes when so many wait is not read again.
    static let waitingLimit = 4

    let utterance: HeardUtterance
    let first: UtteranceTranscript
    let transcriber: any Transcriber
    let reading: Reading
    let language: String?
    /// What was forgotten before its first text was told.
    let mark: ForgottenSpeech.Mark
    /// Sets marks in a text that has none, as they were set in the first one.
    let punctuate: @Sendable (Transcript) async -> Transcript

    /// Reads it again.
    ///
    /// - Returns: The better text; nil where it is the same, not believed, or there was too much else to do.
    func read(_ timeline: Timeline) async -> UtteranceTranscript? {
        let request = TranscriptionRequest(reading: reading, language: language, isSpare: true)
        // Nobody waits for a second reading, so nobody is told that there is none.
        guard let second = try? await transcriber.transcribe(utterance.audio, as: request, emit: { _ in }),
            let ending = utterance.knownEnding, let merged = merged(second), !merged.text.isEmpty,
            InventionRule().reason(against: merged.text, ending.evidence) == nil
        else { return nil }
        let transcript = await punctuate(merged)
        guard transcript.text != first.transcript.text else { return nil }
        var better = first
        better.transcript = transcript
        better.engine = transcriber.name
        better.fallback = nil
        better.latency = max(.zero, timeline.now - ending.speechEndedAt)
        return better
    }

    /// The better words of both readings, where one engine made both; how certain two are does not compare.
    ///
    /// - Returns: Nil where those are the words of the first.
    private func merged(_ second: Transcript) -> Transcript? {
        guard transcriber.name == first.engine,
            let merged = MergedReading(first: first.transcript, second: second)
        else { return second }
        guard merged.words.map(\.text) != first.transcript.words.map(\.text) else { return nil }
        return merged.transcript(like: second)
    }
}
