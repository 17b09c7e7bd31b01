internal import Flow
package import VoiceCore

/// An utterance of a source on its way to text; its audio grows while somebody speaks.
package final class HeardUtterance: Sendable {
    /// How an utterance ended.
    package struct Ending: Hashable, Sendable {
        /// Of its last sample, from the source's first one.
        package var end: Duration
        /// What spoke for somebody having spoken.
        package var evidence: SpeechEvidence
        /// When nobody had spoken any more, by the server's timeline.
        package var speechEndedAt: Duration
        /// When that was known.
        package var knownAt: Duration
    }

    package let id: UtteranceID
    package let audio: UtteranceAudio
    /// Of its first sample, from the source's first one.
    package let start: Duration
    /// When it began, by the server's timeline: what came late is told as when it would have come.
    package let startedAt: Duration
    private let ending = Monitor<Ending?>(nil)

    package init(id: UtteranceID = .random(), audio: UtteranceAudio, start: Duration, startedAt: Duration) {
        self.id = id
        self.audio = audio
        self.start = start
        self.startedAt = startedAt
    }

    /// How it ended; nil while it grows.
    package var knownEnding: Ending? { ending.withLock { $0 } }

    /// Tells how it ended.
    package func end(_ ending: Ending) {
        self.ending.update { $0 = ending }
    }

    /// Waits for its end; nil when the task was cancelled.
    package func waitForEnding() async -> Ending? {
        await ending.wait { $0 }
    }
}
