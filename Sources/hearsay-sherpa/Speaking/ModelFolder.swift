package import Sherpa

/// A speech model as it lies in a folder: which family it is of, and what it says about itself.
package struct ModelFolder: Hashable, Sendable {
    package private(set) var files: VoiceFiles
    /// Of the file that knows most: sampling rate, speakers, language.
    package private(set) var metadata: ModelMetadata?
    /// Recordings of the voices that a model which imitates comes with, by name.
    package private(set) var references: [String: String] = [:]

    private let path: String
    private let names: [String]

    package init(_ listing: ModelListing) throws(ModelProblem) {
        (path, names) = (listing.path, listing.names)
        files = VoiceFiles(family: .vits, paths: [:])
        if Self.isSupertonic(listing) {
            try takeSupertonic()
        } else if Self.isPocket(listing) {
            try takePocket()
        } else {
            try takeSingle()
        }
    }

    /// Whether the names of the files alone say that it is a voice.
    static func isVoice(_ listing: ModelListing) -> Bool { isSupertonic(listing) || isPocket(listing) }

    private static func isSupertonic(_ listing: ModelListing) -> Bool { listing.names.contains("tts.json") }

    private static func isPocket(_ listing: ModelListing) -> Bool {
        listing.names.contains { $0.hasPrefix("lm_main") && $0.hasSuffix(".onnx") }
    }

    /// A model of one file that says itself what it is.
    private mutating func takeSingle() throws(ModelProblem) {
        var types: [String] = []
        var candidates: [(family: VoiceFamily, name: String, metadata: ModelMetadata)] = []
        for name in names where name.hasSuffix(".onnx") {
            guard let metadata = ModelMetadata(file: "\(path)/\(name)") else { throw .brokenFile(name) }
            guard let family = Self.family(metadata) else {
                types.append(metadata["model_type"] ?? name)
                continue
            }
            candidates.append((family, name, metadata))
        }
        guard let found = candidates.first else { throw .noVoice(types: types) }
        metadata = found.metadata
        files = VoiceFiles(family: found.family, paths: [.model: "\(path)/\(found.name)"])
        try take("tokens.txt", as: .tokens)
        if let lexicon = lexicons { files.paths[.lexicon] = lexicon }
        switch found.family {
        case .kokoro, .kitten: try take("voices.bin", as: .voices)
        case .matcha:
            let vocoder = names.first { $0.hasSuffix(".onnx") && ($0.hasPrefix("vocos") || $0.hasPrefix("hifigan")) }
            files.paths[.vocoder] = vocoder.map { "\(path)/\($0)" }
        case .vits, .pocket, .supertonic: break
        }
    }

    private static func family(_ metadata: ModelMetadata) -> VoiceFamily? {
        switch metadata["model_type"] {
        case "vits", "melo-vits": .vits
        case "kokoro": .kokoro
        case "kitten-tts": .kitten
        case "matcha-tts": .matcha
        default: nil
        }
    }

    private mutating func takeSupertonic() throws(ModelProblem) {
        files = VoiceFiles(family: .supertonic, paths: [:])
        try take("tts.json", as: .settings)
        try take("unicode_indexer.bin", as: .unicodeIndexer)
        try take("voice.bin", as: .voiceStyle)
        try takeModel("duration_predictor", as: .durationPredictor)
        try takeModel("text_encoder", as: .textEncoder)
        try takeModel("vector_estimator", as: .vectorEstimator)
        try takeModel("vocoder", as: .vocoder)
    }

    private mutating func takePocket() throws(ModelProblem) {
        files = VoiceFiles(family: .pocket, paths: [:])
        try take("vocab.json", as: .vocabulary)
        try take("token_scores.json", as: .tokenScores)
        try takeModel("lm_main", as: .model)
        try takeModel("lm_flow", as: .flow)
        try takeModel("encoder", as: .encoder)
        try takeModel("decoder", as: .decoder)
        try takeModel("text_conditioner", as: .textConditioner)
        for folder in ["voices", "test_wavs"] {
            for name in ModelListing.names(in: "\(path)/\(folder)") ?? [] where name.hasSuffix(".wav") {
                references[String(name.dropLast(4))] = "\(path)/\(folder)/\(name)"
            }
        }
        if references.isEmpty { throw .missingFile("voices/NAME.wav", family: files.family.rawValue) }
    }

    private mutating func take(_ name: String, as role: VoiceFiles.Role) throws(ModelProblem) {
        guard names.contains(name) else { throw .missingFile(name, family: files.family.rawValue) }
        files.paths[role] = "\(path)/\(name)"
    }

    /// Takes `encoder.onnx`, or else `encoder.int8.onnx` and the like.
    private mutating func takeModel(_ stem: String, as role: VoiceFiles.Role) throws(ModelProblem) {
        let name =
            names.first { $0 == stem + ".onnx" } ?? names.first { $0.hasPrefix(stem + ".") && $0.hasSuffix(".onnx") }
        guard let name else { throw .missingFile(stem + ".onnx", family: files.family.rawValue) }
        guard ModelMetadata(file: "\(path)/\(name)") != nil else { throw .brokenFile(name) }
        files.paths[role] = "\(path)/\(name)"
    }

    /// All lexicons, separated by commas as the library wants them.
    private var lexicons: String? {
        let found = names.filter { $0.hasPrefix("lexicon") && $0.hasSuffix(".txt") }
        return found.isEmpty ? nil : found.map { "\(path)/\($0)" }.joined(separator: ",")
    }
}
