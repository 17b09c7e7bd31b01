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

    /// Reads it again.
    ///
    /// - Returns: The better text; nil where it is the same, not believed, or there was too much else to do.
    func read(_ timeline: Timeline) async -> UtteranceTranscript? {
        let request = TranscriptionRequest(reading: reading, language: language, isSpare: true)
        // Nobody waits for a second reading, so nobody is told that there is none.
        guard let transcript = try? await transcriber.transcribe(utterance.audio, as: request, emit: { _ in }),
            let ending = utterance.knownEnding,
            !transcript.text.isEmpty, transcript.text != first.transcript.text,
            InventionRule().reason(against: transcript.text, ending.evidence) == nil
        else { return nil }
        var better = first
        better.transcript = transcript
        better.engine = transcriber.name
        better.fallback = nil
        better.latency = max(.zero, timeline.now - ending.speechEndedAt)
        return better
    }
}
