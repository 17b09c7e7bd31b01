internal import CSherpa

/// The files of a model as the library wants them, with the memory of their names.
@safe final class VoiceSettings {
    var values = unsafe hearsay_sherpa_voice_settings()
    private let name = CNames()
    private let files: VoiceFiles

    /// What the makers of Piper and of the Matcha models recommend, and the library uses itself.
    private static let noise: Float = 0.667
    private static let durationNoise: Float = 0.8

    init(_ files: VoiceFiles, threadCount: Int) {
        self.files = files
        unsafe values.thread_count = Int32(threadCount)
        unsafe values.provider = name("cpu")
        // A sentence at a time, so that the first is heard while the next is made.
        unsafe values.sentence_limit = 1
        unsafe values.silence_scale = 1
        switch files.family {
        case .vits: setVITS()
        case .matcha: setMatcha()
        case .kokoro: setKokoro()
        case .kitten: setKitten()
        case .pocket: setPocket()
        case .supertonic: setSupertonic()
        }
    }

    private func path(_ role: VoiceFiles.Role) -> UnsafePointer<CChar>? { unsafe name(files.paths[role]) }

    private func setVITS() {
        unsafe values.vits.model = path(.model)
        unsafe values.vits.tokens = path(.tokens)
        unsafe values.vits.lexicon = path(.lexicon)
        unsafe values.vits.noise_scale = Self.noise
        unsafe values.vits.noise_scale_w = Self.durationNoise
        unsafe values.vits.length_scale = 1
    }

    private func setMatcha() {
        unsafe values.matcha.acoustic_model = path(.model)
        unsafe values.matcha.vocoder = path(.vocoder)
        unsafe values.matcha.tokens = path(.tokens)
        unsafe values.matcha.lexicon = path(.lexicon)
        unsafe values.matcha.noise_scale = Self.noise
        unsafe values.matcha.length_scale = 1
    }

    private func setKokoro() {
        unsafe values.kokoro.model = path(.model)
        unsafe values.kokoro.voices = path(.voices)
        unsafe values.kokoro.tokens = path(.tokens)
        unsafe values.kokoro.lexicon = path(.lexicon)
        unsafe values.kokoro.language = name(files.language)
        unsafe values.kokoro.length_scale = 1
    }

    private func setKitten() {
        unsafe values.kitten.model = path(.model)
        unsafe values.kitten.voices = path(.voices)
        unsafe values.kitten.tokens = path(.tokens)
        unsafe values.kitten.lexicon = path(.lexicon)
        unsafe values.kitten.length_scale = 1
    }

    private func setPocket() {
        unsafe values.pocket.main = path(.model)
        unsafe values.pocket.flow = path(.flow)
        unsafe values.pocket.encoder = path(.encoder)
        unsafe values.pocket.decoder = path(.decoder)
        unsafe values.pocket.text_conditioner = path(.textConditioner)
        unsafe values.pocket.vocabulary = path(.vocabulary)
        unsafe values.pocket.token_scores = path(.tokenScores)
        // A listener seldom has more voices in turn; each costs a few hundred KB.
        unsafe values.pocket.cached_voice_count = 16
    }

    private func setSupertonic() {
        unsafe values.supertonic.vector_estimator = path(.vectorEstimator)
        unsafe values.supertonic.duration_predictor = path(.durationPredictor)
        unsafe values.supertonic.text_encoder = path(.textEncoder)
        unsafe values.supertonic.vocoder = path(.vocoder)
        unsafe values.supertonic.settings = path(.settings)
        unsafe values.supertonic.unicode_indexer = path(.unicodeIndexer)
        unsafe values.supertonic.voice_style = path(.voiceStyle)
    }
}
