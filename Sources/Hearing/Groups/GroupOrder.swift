package import VoiceCore

/// Puts what several sources understood into one order: that in which it was said.
///
/// Short sentences are understood before long ones that began earlier, so what was said later waits for them.
package struct GroupOrder: Hashable, Sendable {
    /// An utterance with its text.
    package struct Line: Hashable, Sendable {
        package var source: SourceID
        package var utterance: UtteranceID
        package var speaker: String?
        package var text: String
        /// When it began, by the server's timeline.
        package var startedAt: Duration

        package init(
            source: SourceID, utterance: UtteranceID, speaker: String?, text: String, startedAt: Duration
        ) {
            self.source = source
            self.utterance = utterance
            self.speaker = speaker
            self.text = text
            self.startedAt = startedAt
        }
    }

    /// When those utterances began that have no text yet.
    private var open: [UtteranceID: Duration] = [:]
    /// In the order in which they began.
    private var waiting: [Line] = []

    package init() {}

    /// Whether nothing is awaited.
    package var isEmpty: Bool { open.isEmpty && waiting.isEmpty }

    /// Somebody began to speak.
    package mutating func begin(_ utterance: UtteranceID, at time: Duration) {
        open[utterance] = time
    }

    /// An utterance is understood.
    package mutating func add(_ line: Line) {
        let place = waiting.firstIndex { $0.startedAt > line.startedAt } ?? waiting.count
        waiting.insert(line, at: place)
    }

    /// Nothing more comes of an utterance.
    ///
    /// - Returns: What no longer waits for anything, in its order.
    package mutating func end(_ utterance: UtteranceID) -> [Line] {
        open.removeValue(forKey: utterance)
        let first = open.values.min()
        let count = waiting.prefix { line in first.map { line.startedAt <= $0 } ?? true }.count
        defer { waiting.removeFirst(count) }
        return Array(waiting.prefix(count))
    }
}
