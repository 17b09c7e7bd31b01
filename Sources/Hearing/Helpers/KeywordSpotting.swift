internal import Flow
internal import VoiceCore

/// Looks for a source's phrases in one utterance, beside whoever reads it.
struct KeywordSpotting: Sendable {
    private struct Found: Sendable {
        var spotted: [SpottedKeyword] = []
        var isDone = false
    }

    private let spotter: (any TranscriberEngine)?
    private let phrases: [String]
    private let wakePhrase: String?
    private let timeline: Timeline
    private let found = Monitor(Found())
    /// Whether nobody reads the utterance, so that there is time.
    private let isAlone: Bool

    /// A spotter hears along, so it knows all at the end of an utterance; a slow one is not waited for.
    private static let limit = Duration.seconds(1)

    init(_ spotter: (any TranscriberEngine)?, _ settings: RecognitionSettings, _ timeline: Timeline) {
        let wake = settings.wake.map { [$0] } ?? []
        let keywords = settings.keywords ?? []
        phrases = keywords + wake.filter { !keywords.contains($0) }
        self.spotter = phrases.isEmpty ? nil : spotter
        wakePhrase = settings.wake
        isAlone = settings.engine == RecognitionSettings.noEngine
        self.timeline = timeline
    }

    /// Looks for the phrases while `reading` goes on.
    ///
    /// - Parameter tell: Told each that is found, with its time in the source.
    func accompany<Result: Sendable>(
        _ utterance: HeardUtterance, _ tell: @escaping @Sendable (HeardUtterance, Event.Body) -> Void,
        _ reading: () async -> Result
    ) async -> Result {
        guard let spotter else { return await reading() }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await look(for: utterance, with: spotter, tell) }
            let result = await reading()
            if isAlone { _ = await utterance.waitForEnding() }
            _ = await timeline.limit(isAlone ? LagRule.limit : Self.limit) {
                await found.wait { $0.isDone ? true : nil }
            }
            group.cancelAll()
            return result
        }
    }

    /// The wake phrase, if it was found; a spotter that is behind is waited for a moment.
    func wake() async -> String? {
        guard let wakePhrase, spotter != nil else { return nil }
        _ = await timeline.limit(Self.limit) { await found.wait { $0.isDone ? true : nil } }
        return found.withLock { $0.spotted.contains { $0.phrase == wakePhrase } } ? wakePhrase : nil
    }

    private func look(
        for utterance: HeardUtterance, with spotter: any TranscriberEngine,
        _ tell: @Sendable (HeardUtterance, Event.Body) -> Void
    ) async {
        let request = TranscriptionRequest(reading: .keywords(phrases))
        // Without an answer nothing was found: the text alone counts then.
        let transcript = try? await spotter.transcribe(utterance.audio, as: request) { partial in
            take(partial.tentative, utterance, tell)
        }
        if let transcript { take(transcript.text, utterance, tell) }
        found.update { $0.isDone = true }
    }

    /// A worker that died begins anew, and finds the same again.
    private func take(
        _ text: String, _ utterance: HeardUtterance, _ tell: @Sendable (HeardUtterance, Event.Body) -> Void
    ) {
        for spotted in text.split(whereSeparator: \.isNewline).compactMap({ SpottedKeyword(line: $0) }) {
            let isNew = found.update { found in
                if found.spotted.contains(spotted) { return false }
                found.spotted.append(spotted)
                return true
            }
            guard isNew else { continue }
            tell(
                utterance,
                .keywordSpotted(
                    SpottedKeyword(
                        phrase: spotted.phrase, start: utterance.start + spotted.start,
                        end: utterance.start + spotted.end)))
        }
    }
}
