private import CPocketsphinx
private import Glibc
internal import Wyoming

/// One pocketsphinx decoder with its ways of reading; one thread uses it at a time.
@safe struct PocketsphinxDecoder: HearingEngine, ~Copyable {
    private let decoder: OpaquePointer
    /// What the decoder believes about a source it has never heard.
    private let usualMeans: [Float]
    private let language: String
    private let model: PocketsphinxModel
    /// Loaded once orders are asked about: 30 MB that many servers never need.
    private var orders: OrderDecoder?
    private var request = TranscribeRequest()
    /// What the second reading waits for, since it wants an utterance as a whole, and what a stranger says first.
    private var samples: [Int16] = []
    private var acquaintance = Acquaintance.old
    private var isHearing = false

    /// The search that every decoder begins with.
    private static let live = "_default"
    private static let second = "second"

    /// - Returns: Nil where the model cannot be read.
    init?(_ model: PocketsphinxModel) {
        guard let decoder = unsafe Self.open(model) else { return nil }
        unsafe self.decoder = decoder
        usualMeans = unsafe Self.means(of: decoder)
        language = model.language
        self.model = model
    }

    deinit {
        _ = unsafe ps_free(decoder)
    }

    private static func open(_ model: PocketsphinxModel) -> OpaquePointer? {
        // pocketsphinx keeps pointers into the words it is given, for as long as it lives: one decoder, one process.
        var words = unsafe model.arguments.map { unsafe strdup($0) }
        guard let options = unsafe cmd_ln_parse_r(nil, ps_args(), Int32(words.count), &words, 1) else { return nil }
        defer { _ = unsafe cmd_ln_free_r(options) }
        guard let decoder = unsafe ps_init(options) else { return nil }
        // Measured: 24.0 % of 441 words wrong instead of 28.1 %. 60,000 paths got no word more right of 248, and made
        // noise cost three times as much.
        unsafe cmd_ln_set_float_r(options, "-beam", 1e-60)
        unsafe cmd_ln_set_float_r(options, "-wbeam", 1e-40)
        unsafe cmd_ln_set_int_r(options, "-maxhmmpf", 10_000)
        // The pass that follows, over the words that the first one found: as wide as that, and each word may begin within
        // 0.5 s of where it did. Measured: 24.1 % of 506 words wrong instead of 26.3 %, for 1.4 times the work.
        unsafe cmd_ln_set_float_r(options, "-fwdflatbeam", 1e-80)
        unsafe cmd_ln_set_float_r(options, "-fwdflatwbeam", 1e-40)
        unsafe cmd_ln_set_int_r(options, "-fwdflatsfwin", 50)
        if let lexicon = unsafe ps_get_lm(decoder, live), unsafe ps_set_lm(decoder, second, lexicon) == 0 {
            return unsafe decoder
        }
        _ = unsafe ps_free(decoder)
        return nil
    }

    private static func means(of decoder: OpaquePointer) -> [Float] {
        let count = Int(unsafe hearsay_mean_count(decoder))
        return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            if let place = buffer.baseAddress { unsafe hearsay_get_means(decoder, place) }
            filled = count
        }
    }
}

// Utterances
extension PocketsphinxDecoder {
    mutating func begin(_ request: TranscribeRequest) throws(SpeechRefusal) {
        if let wanted = request.language, !Self.speaks(wanted, language) {
            throw SpeechRefusal("only \(language) is understood", code: "unknown_language")
        }
        self.request = request
        samples = []
        if request.reading == .orders { return try beginOrders(request) }
        if request.reading == .keywords {
            throw SpeechRefusal("phrases are found by other engines", code: "unsupported")
        }
        guard unsafe ps_set_search(decoder, request.reading == .second ? Self.second : Self.live) == 0 else {
            throw SpeechRefusal("the reading cannot be begun", code: "engine_failed")
        }
        let learnt = (request.adaptation ?? []).map(Float.init)
        let isKnown = learnt.count == usualMeans.count && learnt.allSatisfy(\.isFinite)
        acquaintance = isKnown || request.reading != .live ? .old : .none
        unsafe hearsay_set_means(decoder, isKnown ? learnt : usualMeans)
        try start()
    }

    private mutating func beginOrders(_ request: TranscribeRequest) throws(SpeechRefusal) {
        acquaintance = .old
        guard let grammar = request.grammar else { throw SpeechRefusal("no grammar is given", code: "bad_grammar") }
        if orders == nil { orders = OrderDecoder(model) }
        guard orders != nil else { throw SpeechRefusal("the model cannot be read again", code: "engine_failed") }
        try orders?.load(grammar)
    }

    private mutating func start() throws(SpeechRefusal) {
        // Times count from the beginning of the stream: without a new one, from that of the decoder's first utterance.
        guard unsafe ps_start_stream(decoder) == 0, unsafe ps_start_utt(decoder) == 0 else {
            throw SpeechRefusal("the utterance cannot be begun", code: "engine_failed")
        }
        isHearing = true
    }

    mutating func hear(_ samples: [Int16]) throws(SpeechRefusal) {
        if acquaintance == .none {
            self.samples += samples
            if self.samples.count >= Self.firstLook { try getAcquainted() }
        } else if request.reading != .live {
            guard self.samples.count + samples.count <= Self.sampleLimit else {
                throw SpeechRefusal("an utterance lasts at most 60 s", code: "utterance_too_long")
            }
            self.samples += samples
        } else {
            try process(samples, isWhole: false)
        }
    }

    /// 60 s.
    private static let sampleLimit = 60 * 16_000

    /// How well it is known how a source sounds.
    ///
    /// What the decoder believes of sources in general may be far from this one, and it unlearns that slowly: of an old
    /// recording hardly a word was right in 11 s.
    private enum Acquaintance {
        /// Not at all: what it says first is looked at before any of it is read.
        case none
        /// Since this utterance, which teaches more with each piece.
        case new
        /// As well as other sources, or from its utterances before.
        case old
    }

    /// 1 s.
    private static let firstLook = 16_000
    /// What is heard first counts for that much, in frames, while more is heard.
    private static let firstWeight: Int32 = 50

    /// Learns how a source sounds from what it said first, and reads that.
    private mutating func getAcquainted() throws(SpeechRefusal) {
        acquaintance = .new
        let first = samples
        samples = []
        unsafe hearsay_expect_whole(decoder)
        guard unsafe ps_process_raw(decoder, first, first.count, 1, 1) >= 0 else {
            throw SpeechRefusal("the audio cannot be read", code: "engine_failed")
        }
        let means = unsafe Self.means(of: decoder)
        end()
        // Of silence there are none.
        unsafe hearsay_set_means(decoder, means.allSatisfy(\.isFinite) ? means : usualMeans)
        unsafe hearsay_doubt_means(decoder, Self.firstWeight)
        try start()
        try process(first, isWhole: false)
    }

    mutating func partialText() -> HeardText? {
        guard request.reading == .live else { return nil }
        let text = hypothesis
        return text.isEmpty ? nil : HeardText(text: text)
    }

    mutating func finish() throws(SpeechRefusal) -> HeardText {
        if request.reading == .orders {
            defer { samples = [] }
            var heard = try orders?.read(samples) ?? HeardText(text: "")
            heard.language = language
            return heard
        }
        if acquaintance == .none, !samples.isEmpty { try getAcquainted() }
        if request.reading == .second, !samples.isEmpty { try process(samples, isWhole: true) }
        end()
        let words = heardWords
        let adaptation = request.reading == .live ? unsafe Self.means(of: decoder).map(Double.init) : nil
        let text = words.map(\.text).joined(separator: " ")
        return HeardText(
            text: text, language: language, words: words, confidence: Self.confidence(of: words),
            adaptation: adaptation)
    }

    mutating func cancel() {
        end()
    }

    private mutating func end() {
        samples = []
        if isHearing { _ = unsafe ps_end_utt(decoder) }
        isHearing = false
    }

    private func process(_ samples: [Int16], isWhole: Bool) throws(SpeechRefusal) {
        if isWhole { unsafe hearsay_expect_whole(decoder) }
        guard unsafe ps_process_raw(decoder, samples, samples.count, 0, isWhole ? 1 : 0) >= 0 else {
            throw SpeechRefusal("the audio cannot be read", code: "engine_failed")
        }
        if acquaintance == .new { unsafe hearsay_follow_means(decoder) }
    }

    /// Whether the model's language is what is wanted: `en`, `en_US` and `en-GB` are all close enough for `en-US`.
    private static func speaks(_ wanted: String, _ language: String) -> Bool {
        wanted.lowercased().prefix { $0 != "-" && $0 != "_" } == language.lowercased().prefix { $0 != "-" }
    }
}

// What was understood
extension PocketsphinxDecoder {
    private var hypothesis: String {
        guard let text = unsafe ps_get_hyp(decoder, nil) else { return "" }
        return unsafe String(cString: text).split(separator: " ").map(PocketsphinxWord.plain).joined(separator: " ")
    }

    private var heardWords: [HeardWord] {
        // Without a hypothesis there may be segments all the same, of silence or of half an order.
        guard unsafe ps_get_hyp(decoder, nil) != nil else { return [] }
        let scale = unsafe ps_get_logmath(decoder)
        var words: [HeardWord] = []
        var segment = unsafe ps_seg_iter(decoder)
        while let place = unsafe segment {
            var (start, end): (Int32, Int32) = (0, 0)
            unsafe ps_seg_frames(place, &start, &end)
            let chance = unsafe logmath_exp(scale, ps_seg_prob(place, nil, nil, nil))
            let name = unsafe String(cString: ps_seg_word(place))
            if PocketsphinxWord.isWord(name) {
                let frames = Int(start)...max(Int(start), Int(end))
                words.append(HeardWord(name, frames: frames, confidence: min(max(chance, 0), 1)))
            }
            unsafe segment = ps_seg_next(place)
        }
        return words
    }

    /// The mean of the words'.
    private static func confidence(of words: [HeardWord]) -> Double? {
        words.isEmpty ? nil : words.reduce(0) { $0 + ($1.confidence ?? 0) } / Double(words.count)
    }
}
