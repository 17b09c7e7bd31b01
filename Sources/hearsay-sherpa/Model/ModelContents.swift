internal import Sherpa

/// What lies in a model's folder.
package enum ModelContents: Hashable, Sendable {
    case voice(ModelFolder)
    case recogniser(RecogniserFolder)
    case keywords(RecogniserFolder)
    case punctuation(PunctuationFolder)
    case denoiser(DenoiserFolder)

    /// Finds out what a folder holds.
    ///
    /// - Parameter wanted: What it must be; nil for anything.
    package init(path: String, wanted: ModelPurpose?) throws(ModelProblem) {
        let found = try Self.find(try ModelListing(path: path), wanted)
        if let wanted, wanted != found.purpose { throw .wrongPurpose(found: found.shown, wanted: wanted) }
        self = found
    }

    private static func find(
        _ listing: ModelListing, _ wanted: ModelPurpose?
    ) throws(ModelProblem) -> ModelContents {
        if ModelFolder.isVoice(listing) { return .voice(try ModelFolder(listing)) }
        if let recogniser = try RecogniserFolder(listing) {
            // Nothing in such a model says what it was trained for; those for phrases come with a list of some.
            let hasPhrases = listing.names.contains { $0.hasPrefix("keywords") }
            let isForPhrases = wanted == .keywords || (wanted == nil && hasPhrases)
            return isForPhrases && recogniser.files.family == .streamingTransducer
                ? .keywords(recogniser) : .recogniser(recogniser)
        }
        if let punctuation = try PunctuationFolder(listing) { return .punctuation(punctuation) }
        if let denoiser = try DenoiserFolder(listing) { return .denoiser(denoiser) }
        return .voice(try ModelFolder(listing))
    }

    package var purpose: ModelPurpose {
        switch self {
        case .voice: .voice
        case .recogniser: .recogniser
        case .keywords: .keywords
        case .punctuation: .punctuation
        case .denoiser: .denoiser
        }
    }

    /// How it works, for people; nil where its worker says it.
    var about: String? {
        switch self {
        case .voice, .recogniser: nil
        case .keywords: "Finds phrases (streaming transducer)"
        case .punctuation(let folder): "Sets punctuation (\(folder.family))"
        case .denoiser(let folder): "Takes noise away (\(folder.family.rawValue))"
        }
    }

    private var shown: String {
        switch self {
        case .voice(let folder): "a voice (\(folder.files.family.rawValue))"
        case .recogniser(let folder): "a recogniser (\(folder.files.family.rawValue))"
        case .keywords: ModelPurpose.keywords.shown
        case .punctuation: ModelPurpose.punctuation.shown
        case .denoiser: ModelPurpose.denoiser.shown
        }
    }
}
