package import Flow

/// A note that was spoken: what was said from a command to another one.
package struct Draft: Hashable, Sendable {
    /// What was said of it in one utterance, without the commands.
    package struct Part: Hashable, Sendable {
        package var utterance: UtteranceID
        /// Only the words that belong to the draft; empty where the utterance was a command and nothing else.
        package var said: UtteranceTranscript

        package init(utterance: UtteranceID, said: UtteranceTranscript) {
            self.utterance = utterance
            self.said = said
        }
    }

    /// How it ended.
    package struct Ending: Hashable, Sendable {
        /// Why a draft ends.
        package enum Reason: String, Hashable, Sendable {
            case command
            /// Its source ended.
            case sourceStopped = "source_stopped"
            /// It is as long as a draft may be.
            case full
            /// Somebody else has made it, whole.
            case made
            /// An earlier server died in the middle of it.
            case serverRestarted = "server_restarted"
        }

        package var reason: Reason
        package var at: WallTime
        /// From the source's first sample.
        package var position: Duration
        /// The words that ended it; nil where nobody said any.
        package var text: String?

        package init(_ reason: Reason, at: WallTime, position: Duration, text: String? = nil) {
            self.reason = reason
            self.at = at
            self.position = position
            self.text = text
        }
    }

    package var id: DraftID
    package var session: SessionID
    package var source: SourceID
    /// Who speaks there, if anybody said.
    package var speaker: String?
    package var startedAt: WallTime
    /// Where its first utterance begins, from the source's first sample.
    package var start: Duration
    /// The words that began it.
    package var startText: String
    package var parts: [Part] = []
    /// Nil while it grows.
    package var ending: Ending?
    /// Whether some of it was read a second time.
    package var isRevised = false
    /// The draft of which this is a better reading that somebody else made; nil for one that was heard here.
    package var parent: DraftID?

    package init(
        id: DraftID, session: SessionID, source: SourceID, startedAt: WallTime, start: Duration, startText: String,
        speaker: String? = nil
    ) {
        self.id = id
        self.session = session
        self.source = source
        self.speaker = speaker
        self.startedAt = startedAt
        self.start = start
        self.startText = startText
    }

    /// Who read its parts, each once, in the order of the first one.
    package var engines: [String] {
        parts.reduce(into: []) { engines, part in
            if !engines.contains(part.said.engine) { engines.append(part.said.engine) }
        }
    }

    /// All that was said, without the commands.
    package var text: String {
        parts.map(\.said.transcript.text).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
