internal import CSherpa

/// A streaming model's files as the library wants them, with the memory of their names.
@safe final class StreamingSettings {
    var values = unsafe hearsay_sherpa_streaming_settings()
    private let name = CNames()

    init(_ files: RecogniserFiles, threadCount: Int) {
        unsafe values.features = .usual
        unsafe values.model = model(files, threadCount: threadCount)
        unsafe values.decoding = name("greedy_search")
        // The server finds the ends of utterances itself.
        unsafe values.finds_ends = 0
    }

    private func model(_ files: RecogniserFiles, threadCount: Int) -> hearsay_sherpa_streaming_model {
        unsafe hearsay_sherpa_streaming_model(files, threadCount: threadCount, name)
    }
}

extension hearsay_sherpa_features {
    /// What every model of the list hears: 80 bands of sound at 16 kHz.
    static let usual = hearsay_sherpa_features(rate: 16_000, count: 80)
}

extension hearsay_sherpa_streaming_model {
    init(_ files: RecogniserFiles, threadCount: Int, _ name: CNames) {
        unsafe self.init()
        unsafe thread_count = Int32(threadCount)
        unsafe provider = name("cpu")
        unsafe tokens = name(files.paths[.tokens])
        switch files.family {
        case .streamingParaformer:
            unsafe paraformer_encoder = name(files.paths[.encoder])
            unsafe paraformer_decoder = name(files.paths[.decoder])
        case .streamingZipformerCTC: unsafe zipformer_ctc = name(files.paths[.model])
        case .streamingNemoCTC: unsafe nemo_ctc = name(files.paths[.model])
        default: unsafe transducer = hearsay_sherpa_transducer(files, name)
        }
    }
}

extension hearsay_sherpa_transducer {
    init(_ files: RecogniserFiles, _ name: CNames) {
        unsafe self.init()
        unsafe encoder = name(files.paths[.encoder])
        unsafe decoder = name(files.paths[.decoder])
        unsafe joiner = name(files.paths[.joiner])
    }
}
