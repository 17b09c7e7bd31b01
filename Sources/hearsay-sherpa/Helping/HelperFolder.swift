internal import Sherpa

/// A model that takes noise away, as it lies in a folder.
package struct DenoiserFolder: Hashable, Sendable {
    let family: DenoiserFamily
    let file: String

    /// Speech is heard at this rate, and a model at another one would need all sound to be made anew twice.
    private static let sampleRate = "16000"

    /// - Returns: Nil for a folder that holds something else.
    init?(_ listing: ModelListing) throws(ModelProblem) {
        for (path, about) in try listing.models() {
            let found = DenoiserFamily.allCases.first { $0.rawValue.lowercased() == about["model_type"] }
            guard let found else { continue }
            guard about["sample_rate"] == Self.sampleRate else { throw .wrongRate(about["sample_rate"] ?? "another") }
            (family, file) = (found, path)
            return
        }
        return nil
    }
}

/// A model that sets punctuation, as it lies in a folder.
package struct PunctuationFolder: Hashable, Sendable {
    let files: PunctuationFiles

    /// For people.
    var family: String {
        switch files {
        case .whole: "CT transformer"
        case .streaming: "CNN-BiLSTM"
        }
    }

    /// - Returns: Nil for a folder that holds something else.
    init?(_ listing: ModelListing) throws(ModelProblem) {
        for (path, about) in try listing.models() {
            if about["punctuations"] != nil, about["unk_symbol"] != nil {
                files = .whole(model: path)
                return
            }
            if about["COMMA"] != nil, about["MIX_CASE"] != nil {
                guard let pieces = listing.file("bpe.vocab") else {
                    throw .missingFile("bpe.vocab", family: "CNN-BiLSTM")
                }
                files = .streaming(model: path, pieces: pieces)
                return
            }
        }
        return nil
    }
}
