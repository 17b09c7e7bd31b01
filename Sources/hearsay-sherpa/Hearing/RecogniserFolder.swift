package import Sherpa

/// A model that turns speech into text as it lies in a folder: its family, its files, what it says of itself.
package struct RecogniserFolder: Hashable, Sendable {
    package private(set) var files: RecogniserFiles
    /// What it can be told to listen for, as it calls them (Whisper), or is known to understand; empty where it does not
    /// say.
    package private(set) var languages: [String] = []
    /// What the times that the library tells are to be multiplied by.
    package private(set) var timeScale: Float = 1

    /// Whether it can write in English what was said in another language: Whisper learnt that beside writing.
    var translates: Bool { files.family == .whisper && languages.count > 1 }

    /// For each of its own frames a streaming CTC model hears so many of the library's, as release 2.0.1 takes for
    /// granted (online-recognizer-ctc-impl.h), whatever the model says.
    private static let presumedFrames: Float = 4

    /// - Returns: Nil for a folder that holds something else.
    /// - Throws: What is wrong with a folder that would hold one.
    package init?(_ listing: ModelListing) throws(ModelProblem) {
        files = RecogniserFiles(family: .transducer, paths: [:])
        guard try takeFiles(listing) else { return nil }
        guard let tokens = listing.names.first(where: { $0 == "tokens.txt" || $0.hasSuffix("-tokens.txt") }) else {
            throw .missingFile("tokens.txt", family: files.family.rawValue)
        }
        files.paths[.tokens] = "\(listing.path)/\(tokens)"
    }

    private mutating func takeFiles(_ listing: ModelListing) throws(ModelProblem) -> Bool {
        if try takeMoonshine(listing) { return true }
        if try takeTransducer(listing) { return true }
        if try takePair(listing) { return true }
        return try takeSingle(listing)
    }

    /// Its files say nothing of themselves, so their names count.
    private mutating func takeMoonshine(_ listing: ModelListing) throws(ModelProblem) -> Bool {
        if let merged = listing.model("decoder_model_merged"), let encoder = listing.model("encoder_model") {
            files = RecogniserFiles(family: .moonshine, paths: [.encoder: encoder, .decoder: merged])
            return true
        }
        guard let uncached = listing.model(beginningWith: "uncached_decode") else { return false }
        files = RecogniserFiles(family: .moonshine, paths: [.uncachedDecoder: uncached])
        try take("preprocess", as: .preprocessor, listing)
        try take("encode", as: .encoder, listing)
        try take("cached_decode", as: .cachedDecoder, listing)
        return true
    }

    private mutating func take(
        _ part: String, as role: RecogniserFiles.Role, _ listing: ModelListing
    ) throws(ModelProblem) {
        guard let path = listing.model(beginningWith: part) else {
            throw .missingFile(part + ".onnx", family: files.family.rawValue)
        }
        files.paths[role] = path
    }

    private mutating func takeTransducer(_ listing: ModelListing) throws(ModelProblem) -> Bool {
        guard let joiner = listing.model("joiner"), let encoder = listing.model("encoder"),
            let decoder = listing.model("decoder", isSmall: false)
        else { return false }
        let about = try listing.metadata(ofFileAt: encoder)
        let family: RecogniserFamily =
            if about["model_type"]?.hasPrefix("EncDec") == true {
                about["window_size"] == nil ? .nemoTransducer : .streamingNemoTransducer
            } else {
                about["decode_chunk_len"] == nil ? .transducer : .streamingTransducer
            }
        for path in [decoder, joiner] { _ = try listing.metadata(ofFileAt: path) }
        files = RecogniserFiles(family: family, paths: [.encoder: encoder, .decoder: decoder, .joiner: joiner])
        return true
    }

    /// An encoder and a decoder.
    private mutating func takePair(_ listing: ModelListing) throws(ModelProblem) -> Bool {
        guard let encoder = listing.model("encoder"), let decoder = listing.model("decoder") else { return false }
        let about = try listing.metadata(ofFileAt: encoder)
        _ = try listing.metadata(ofFileAt: decoder)
        let family: RecogniserFamily
        if about["model_type"]?.hasPrefix("whisper") == true || about["n_text_ctx"] != nil {
            family = .whisper
            let known = about["all_language_codes"]?.split(separator: ",").map(String.init) ?? []
            languages = about["is_multilingual"] == "1" ? known : ["en"]
        } else if about["lfr_window_size"] != nil {
            family = .streamingParaformer
        } else {
            return false
        }
        files = RecogniserFiles(family: family, paths: [.encoder: encoder, .decoder: decoder])
        return true
    }

    /// A model of one file that says itself what it is.
    private mutating func takeSingle(_ listing: ModelListing) throws(ModelProblem) -> Bool {
        for (path, about) in try listing.models() {
            guard let family = Self.family(about) else { continue }
            files = RecogniserFiles(family: family, paths: [.model: path])
            if family == .streamingNemoCTC, let frames = about["subsampling_factor"].flatMap(Float.init), frames > 0 {
                timeScale = frames / Self.presumedFrames
            }
            if family == .senseVoice { languages = ["zh", "en", "ja", "ko", "yue"] }
            return true
        }
        return false
    }

    private static func family(_ about: ModelMetadata) -> RecogniserFamily? {
        switch about["model_type"] {
        case "EncDecCTCModelBPE", "EncDecCTCModel", "EncDecHybridRNNTCTCBPEModel":
            about["window_size"] == nil ? .nemoCTC : .streamingNemoCTC
        case "zipformer2_ctc": .zipformerCTC
        case "zipformer2" where about["decode_chunk_len"] != nil: .streamingZipformerCTC
        case "paraformer": .paraformer
        // SenseVoice's makers call its type after themselves; nothing else tells languages by `lang_auto`.
        default: about["lang_auto"] == nil ? nil : .senseVoice
        }
    }
}
