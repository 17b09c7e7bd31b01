internal import CSherpa

/// The files of a model that hears whole utterances as the library wants them, with the memory of their names.
@safe final class WholeSettings {
    var values = unsafe hearsay_sherpa_whole_settings()
    private let name = CNames()
    private let files: RecogniserFiles

    /// - Parameters:
    ///   - language: As the model calls it; empty for whatever it finds itself.
    ///   - translates: Whether it writes English, whatever is spoken.
    init(_ files: RecogniserFiles, threadCount: Int, language: String, translates: Bool) {
        self.files = files
        unsafe values.features = .usual
        unsafe values.decoding = name("greedy_search")
        unsafe values.model.thread_count = Int32(threadCount)
        unsafe values.model.provider = name("cpu")
        unsafe values.model.tokens = path(.tokens)
        switch files.family {
        case .nemoTransducer:
            unsafe values.model.transducer = hearsay_sherpa_transducer(files, name)
            unsafe values.model.model_type = name("nemo_transducer")
        case .paraformer: unsafe values.model.paraformer = path(.model)
        case .zipformerCTC: unsafe values.model.zipformer_ctc = path(.model)
        case .nemoCTC: unsafe values.model.nemo_ctc = path(.model)
        case .whisper: setWhisper(language, translates: translates)
        case .moonshine: setMoonshine()
        case .senseVoice: setSenseVoice()
        default: unsafe values.model.transducer = hearsay_sherpa_transducer(files, name)
        }
    }

    private func path(_ role: RecogniserFiles.Role) -> UnsafePointer<CChar>? { unsafe name(files.paths[role]) }

    private func setWhisper(_ language: String, translates: Bool) {
        unsafe values.model.whisper.encoder = path(.encoder)
        unsafe values.model.whisper.decoder = path(.decoder)
        unsafe values.model.whisper.language = name(language)
        unsafe values.model.whisper.task = name(translates ? "translate" : "transcribe")
        // The library's own choice, which differs between its models.
        unsafe values.model.whisper.tail_padding = -1
    }

    private func setMoonshine() {
        unsafe values.model.moonshine.encoder = path(.encoder)
        unsafe values.model.moonshine.preprocessor = path(.preprocessor)
        unsafe values.model.moonshine.uncached_decoder = path(.uncachedDecoder)
        unsafe values.model.moonshine.cached_decoder = path(.cachedDecoder)
        // Its second edition has one decoder instead of two.
        unsafe values.model.moonshine.merged_decoder = path(.decoder)
    }

    private func setSenseVoice() {
        unsafe values.model.sense_voice.model = path(.model)
        unsafe values.model.sense_voice.language = name("auto")
        // Numbers in digits, and punctuation.
        unsafe values.model.sense_voice.writes_numbers = 1
    }
}
