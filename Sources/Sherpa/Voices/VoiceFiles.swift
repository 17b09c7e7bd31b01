/// How a speech model works, and so which files it has.
package enum VoiceFamily: String, CaseIterable, Hashable, Sendable {
    case vits, matcha, kokoro, kitten, pocket, supertonic
}

/// The files of one speech model.
package struct VoiceFiles: Hashable, Sendable {
    /// What a file is to its model.
    package enum Role: Hashable, CaseIterable, Sendable {
        /// The model itself; of several, the one that makes speech of the text.
        case model
        case tokens, lexicon, voices, vocoder
        case encoder, decoder, textConditioner, flow, vocabulary, tokenScores
        case durationPredictor, textEncoder, vectorEstimator, settings, unicodeIndexer, voiceStyle
    }

    package var family: VoiceFamily
    /// Absolute paths.
    package var paths: [Role: String]
    /// Of the text, for models that speak several languages and ask which.
    package var language: String?

    package init(family: VoiceFamily, paths: [Role: String], language: String? = nil) {
        self.family = family
        self.paths = paths
        self.language = language
    }
}
