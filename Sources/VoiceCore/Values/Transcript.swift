package import Flow

/// What an engine understood of one utterance.
package struct Transcript: Hashable, Sendable {
    /// Empty where the engine found no words.
    package var text: String
    /// In their order; empty from engines that tell no times.
    package var words: [TranscriptWord]
    /// 0 to 1; nil from engines that tell none.
    package var confidence: Double?
    /// BCP 47, where the engine tells it.
    package var language: String?
    /// What the engine learnt about the source, to be given back with its next utterance.
    package var adaptation: Adaptation?

    package init(
        text: String, words: [TranscriptWord] = [], confidence: Double? = nil, language: String? = nil,
        adaptation: Adaptation? = nil
    ) {
        self.text = text
        self.words = words
        self.confidence = confidence
        self.language = language
        self.adaptation = adaptation
    }
}

/// A word of a transcript and when it was said.
package struct TranscriptWord: Hashable, Sendable {
    package var text: String
    /// From the utterance's first sample.
    package var start: Duration
    package var end: Duration
    /// 0 to 1; nil from engines that tell none.
    package var confidence: Double?

    package init(text: String, start: Duration, end: Duration, confidence: Double? = nil) {
        self.text = text
        self.start = start
        self.end = end
        self.confidence = confidence
    }
}

/// What is understood while somebody still speaks.
package struct PartialTranscript: Hashable, Sendable {
    /// Only ever grows within an utterance.
    package var confirmed: String
    /// What may still change, after `confirmed`.
    package var tentative: String

    package init(confirmed: String = "", tentative: String) {
        self.confirmed = confirmed
        self.tentative = tentative
    }
}

/// What an engine learnt about a source's sound; only the engine that made it can read it.
package struct Adaptation: Hashable, Sendable {
    package var engine: String
    package var values: [Double]

    package init(engine: String, values: [Double]) {
        self.engine = engine
        self.values = values
    }
}

/// What was said in one utterance of a source.
package struct UtteranceTranscript: Hashable, Sendable {
    /// The times of its words are from the utterance's first sample.
    package var transcript: Transcript
    /// Of the utterance, from the source's first sample.
    package var start: Duration
    package var end: Duration
    package var engine: String
    /// From the end of the speech to this text, with the silence by which the end was known.
    package var latency: Duration
    /// What the sound is if it is one of the commands that are listened for; nil where it is like none, or was not asked.
    package var order: HeardOrder?
    /// Why another engine read it than the one that should have; nil where none failed.
    package var fallback: ReadingFallback?
    /// The source's wake phrase, where it was found in the sound.
    package var wake: String?
    /// When it began: what came late is told as when it would have come; nil for what was noted before.
    package var saidAt: WallTime?

    package init(transcript: Transcript, start: Duration, end: Duration, engine: String, latency: Duration) {
        self.transcript = transcript
        self.start = start
        self.end = end
        self.engine = engine
        self.latency = latency
    }
}

/// A recogniser elsewhere that did not read an utterance, so that one of this machine did.
package struct ReadingFallback: Hashable, Sendable {
    /// The one that should have read it.
    package var engine: String
    /// In words, for people.
    package var reason: String

    package init(engine: String, reason: String) {
        self.engine = engine
        self.reason = reason
    }
}

/// The order of a grammar that the sound of an utterance is most like.
package struct HeardOrder: Hashable, Sendable {
    package var text: String
    /// How well the sound bears it out, 0 to 100; anything at all is like some order.
    package var score: Double
    /// An order that the sound bears out less than half says nothing about what was said.
    package static let likelyScore = 50.0

    package init(text: String, score: Double) {
        self.text = text
        self.score = score
    }
}

/// What somebody said in a group of sources.
package struct GroupLine: Hashable, Sendable {
    package var group: GroupID
    /// As the source's client calls him; nil where it does not.
    package var speaker: String?
    package var text: String
    /// When he began.
    package var saidAt: WallTime

    package init(group: GroupID, speaker: String?, text: String, saidAt: WallTime) {
        self.group = group
        self.speaker = speaker
        self.text = text
        self.saidAt = saidAt
    }
}
