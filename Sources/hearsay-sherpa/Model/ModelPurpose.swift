/// What a model is for, as `--kind` and the report of a trial name it.
package enum ModelPurpose: String, CaseIterable, Hashable, Sendable {
    case voice, recogniser, keywords, punctuation, denoiser

    /// With its article, for people.
    var shown: String {
        switch self {
        case .voice: "a voice"
        case .recogniser: "a recogniser"
        case .keywords: "a spotter of phrases"
        case .punctuation: "a model that sets punctuation"
        case .denoiser: "a model that takes noise away"
        }
    }
}
