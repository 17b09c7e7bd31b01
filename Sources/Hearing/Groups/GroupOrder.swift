package import VoiceCore

/// Puts what several sources understood into one order: that in which it was said.
///
/// Short sentences are understood before long ones that began earlier, so what was said later waits for them, but not for
/// ever: a recording may take an hour to be read, and others in its group talk meanwhile.
package struct GroupOrder: Sendable {
    /// An utterance with its text.
    package struct Line: Hashable, Sendable {
        package var source: SourceID
        package var utterance: UtteranceID
        package var speaker: String?
        package var text: String
        /// When it began, by the server's timeline.
        package var startedAt: Duration
        /// What was taken back before it was understood.
        package var mark: ForgottenSpeech.Mark

        package init(
            source: SourceID, utterance: UtteranceID, speaker: String?, text: String, startedAt: Duration,
            mark: ForgottenSpeech.Mark
        ) {
            self.source = source
            self.utterance = utterance
            self.speaker = speaker
            self.text = text
            self.startedAt = startedAt
            self.mark = mark
        }
    }

    /// When those utterances began that have no text yet.
    private var open: [UtteranceID: Duration] = [:]
    /// In the order in which they began, each with the time until which it waits.
    private var waiting: [(line: Line, deadline: Duration)] = []

    package init() {}

    /// Whether nothing is awaited.
    package var isEmpty: Bool { open.isEmpty && waiting.isEmpty }

    /// Somebody began to speak.
    package mutating func begin(_ utterance: UtteranceID, at time: Duration) {
        open[utterance] = time
    }

    /// When the next line has waited long enough; nil where none waits.
    package var deadline: Duration? { waiting.map(\.deadline).min() }

    /// An utterance is understood; it waits no longer than until `deadline` for what began before it.
    package mutating func add(_ line: Line, until deadline: Duration) {
        let place = waiting.firstIndex { $0.line.startedAt > line.startedAt } ?? waiting.count
        waiting.insert((line, deadline), at: place)
    }

    /// Nothing more comes of an utterance.
    ///
    /// - Returns: What no longer waits for anything, in its order.
    package mutating func end(_ utterance: UtteranceID) -> [Line] {
        open.removeValue(forKey: utterance)
        let first = open.values.min()
        return take(waiting.prefix { line, _ in first.map { line.startedAt <= $0 } ?? true }.count)
    }

    /// Lets go of what has waited long enough.
    ///
    /// - Returns: Those lines and the ones that began before them, in their order.
    package mutating func release(at now: Duration) -> [Line] {
        take(waiting.lastIndex { $0.deadline <= now }.map { $0 + 1 } ?? 0)
    }

    private mutating func take(_ count: Int) -> [Line] {
        defer { waiting.removeFirst(count) }
        return waiting.prefix(count).map(\.line)
    }
}
