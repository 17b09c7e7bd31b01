/// How a model that turns speech into text works, and so which files it has.
package enum RecogniserFamily: String, CaseIterable, Hashable, Sendable {
    /// Zipformer and its kin, while somebody speaks.
    case streamingTransducer = "streaming transducer"
    case streamingNemoTransducer = "streaming NeMo transducer"
    case streamingParaformer = "streaming Paraformer"
    case streamingZipformerCTC = "streaming Zipformer CTC"
    case streamingNemoCTC = "streaming NeMo CTC"
    /// Zipformer and its kin, an utterance as a whole.
    case transducer
    case nemoTransducer = "NeMo transducer"
    case paraformer = "Paraformer"
    case zipformerCTC = "Zipformer CTC"
    case nemoCTC = "NeMo CTC"
    case whisper = "Whisper"
    case moonshine = "Moonshine"
    case senseVoice = "SenseVoice"

    /// Whether it tells what it understands while somebody speaks.
    package var isStreaming: Bool {
        switch self {
        case .streamingTransducer, .streamingNemoTransducer, .streamingParaformer, .streamingZipformerCTC,
            .streamingNemoCTC:
            true
        case .transducer, .nemoTransducer, .paraformer, .zipformerCTC, .nemoCTC, .whisper, .moonshine, .senseVoice:
            false
        }
    }
}

/// The files of one model that hears.
package struct RecogniserFiles: Hashable, Sendable {
    /// What a file is to its model.
    package enum Role: Hashable, CaseIterable, Sendable {
        /// The only file of models that have one.
        case model
        case encoder, decoder, joiner
        case preprocessor, uncachedDecoder, cachedDecoder
        case tokens
    }

    package var family: RecogniserFamily
    /// Absolute paths.
    package var paths: [Role: String]

    package init(family: RecogniserFamily, paths: [Role: String]) {
        self.family = family
        self.paths = paths
    }
}

/// What a model understood.
package struct SherpaText: Hashable, Sendable {
    package var text = ""
    /// The pieces of the text, as the model's tokens are written.
    package var tokens: [String] = []
    /// When each token sounds, in seconds from the first sample; empty where the model does not know.
    package var starts: [Float] = []
    /// How long each token sounds, in seconds; empty where the model does not know.
    package var durations: [Float] = []
    /// The natural logarithm of how likely each token is; empty where the model does not know.
    package var logProbabilities: [Float] = []
    /// As the model calls it; nil where it does not tell languages apart.
    package var language: String?

    package init() {}
}
