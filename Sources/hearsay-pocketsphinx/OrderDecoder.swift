private import CPocketsphinx
private import Glibc
internal import Wyoming

/// A pocketsphinx decoder that knows the orders of a grammar and nothing else, and says how well the sound bears one out.
///
/// A grammar makes one of its orders of anything. So what it found is held against a loop of bare phones, the garbage
/// path: what was said otherwise has phones that fit far better than the order's.
@safe struct OrderDecoder: ~Copyable {
    private let decoder: OpaquePointer
    private var grammar: String?
    private var calls = CallRule(in: "")

    private static let orders = "orders"
    private static let garbage = "garbage"

    /// - Returns: Nil where the model cannot be read.
    init?(_ model: PocketsphinxModel) {
        // Each frame's scores are counted from the best one of those that were computed: only with all of them do those
        // of two searches compare.
        // Measured: every other frame costs two thirds and finds the same orders.
        let words = model.arguments(with: ["-compallsen", "yes", "-bestpath", "no", "-ds", "2"])
        guard let decoder = unsafe Self.open(words) else { return nil }
        guard unsafe Self.addGarbage(to: decoder) else {
            _ = unsafe ps_free(decoder)
            return nil
        }
        unsafe self.decoder = decoder
    }

    private static func open(_ words: [String]) -> OpaquePointer? {
        // pocketsphinx keeps pointers into the words it is given, for as long as it lives.
        var words = unsafe words.map { unsafe strdup($0) }
        guard let options = unsafe cmd_ln_parse_r(nil, ps_args(), Int32(words.count), &words, 1) else { return nil }
        defer { _ = unsafe cmd_ln_free_r(options) }
        return unsafe ps_init(options)
    }

    deinit {
        _ = unsafe ps_free(decoder)
    }

    /// The phones of American English, as the dictionary writes them.
    private static let phones = [
        "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH",
        "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
    ]

    private static let unsayable = "_UNKNOWN"

    private static func addGarbage(to decoder: OpaquePointer) -> Bool {
        guard unsafe ps_add_word(decoder, unsayable, "ZH NG ZH NG ZH NG ZH NG", 0) >= 0 else { return false }
        for phone in phones {
            guard unsafe ps_add_word(decoder, "_\(phone)", phone, 0) >= 0 else { return false }
        }
        let all = phones.map { "_" + $0 }.joined(separator: " | ")
        let loop = "#JSGF V1.0;\ngrammar garbage;\npublic <garbage> = ( \(all) )+;\n"
        return unsafe ps_set_jsgf_string(decoder, garbage, loop) == 0
    }

    /// Takes another grammar, unless it has it already.
    mutating func load(_ wanted: String) throws(SpeechRefusal) {
        if wanted == grammar { return }
        grammar = nil
        guard unsafe ps_set_jsgf_string(decoder, Self.orders, speakable(wanted)) == 0 else {
            throw SpeechRefusal("the grammar cannot be read", code: "bad_grammar")
        }
        grammar = wanted
        calls = CallRule(in: wanted)
    }

    /// The grammar with a word that nobody can say in place of those that the dictionary lacks: a grammar with one of them
    /// is refused, and `<VOID>` empties all of its rule.
    private func speakable(_ grammar: String) -> String {
        guard let head = grammar.firstIndex(of: ";"), grammar.hasPrefix("#JSGF") else { return grammar }
        var text = String(grammar[...head])
        var word = ""
        var isRule = false
        for character in String(grammar[grammar.index(after: head)...]) + " " {
            if character.isLetter || character == "'" {
                word.append(character)
                continue
            }
            let isName = isRule || ["grammar", "public"].contains(word) || text.hasSuffix("grammar ")
            text += word.isEmpty || isName || isKnown(word) ? word : Self.unsayable
            word = ""
            isRule = character == "<" || (isRule && character != ">")
            text.append(character)
        }
        return text
    }

    private func isKnown(_ word: String) -> Bool { phoneCount(of: word) != nil }

    /// Of how many phones a word is made; nil for one that the dictionary lacks.
    private func phoneCount(of word: String) -> Int? {
        guard let phones = unsafe ps_lookup_word(decoder, word) else { return nil }
        defer { unsafe free(phones) }
        return unsafe String(cString: phones).split(separator: " ").count
    }
}

// Reading
extension OrderDecoder {
    /// - Parameter samples: A whole utterance.
    /// - Returns: The order that is most like it, with its words; no text where it is like none.
    func read(_ samples: [Int16]) throws(SpeechRefusal) -> HeardText {
        let found = try search(Self.orders, samples)
        guard let order = found, !order.words.isEmpty, !order.words.contains(where: { $0.text == Self.unsayable })
        else { return HeardText(text: "") }
        // Half of the time is saved where nobody gave an order, which is most of the time.
        if OrderEvidence.isHopeless(order.path) { return HeardText(text: "") }
        guard let garbage = try search(Self.garbage, samples) else { return HeardText(text: "") }
        let words = order.words.map(\.text)
        let call = words.prefix(calls.count(in: words))
        let phoneCount = call.reduce(0) { $0 + (self.phoneCount(of: $1) ?? 0) }
        let evidence = OrderEvidence(
            order.path, against: garbage.path, call: .init(wordCount: call.count, phoneCount: phoneCount))
        return HeardText(text: words.joined(separator: " "), words: order.words, confidence: evidence.confidence)
    }

    /// What a search makes of an utterance; nil where it comes to no end.
    private func search(
        _ name: String, _ samples: [Int16]
    ) throws(SpeechRefusal) -> (words: [HeardWord], path: PhonePath)? {
        guard unsafe ps_set_search(decoder, name) == 0, unsafe ps_start_stream(decoder) == 0,
            unsafe ps_start_utt(decoder) == 0
        else { throw SpeechRefusal("the utterance cannot be begun", code: "engine_failed") }
        let isRead = unsafe ps_process_raw(decoder, samples, samples.count, 0, 1) >= 0
        _ = unsafe ps_end_utt(decoder)
        guard isRead else { throw SpeechRefusal("the audio cannot be read", code: "engine_failed") }
        guard unsafe ps_get_hyp(decoder, nil) != nil else { return nil }
        var words: [HeardWord] = []
        var path = PhonePath()
        var segment = unsafe ps_seg_iter(decoder)
        while let place = unsafe segment {
            var (start, end, score, unused): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
            unsafe ps_seg_frames(place, &start, &end)
            _ = unsafe ps_seg_prob(place, &score, &unused, nil)
            let name = unsafe String(cString: ps_seg_word(place))
            if end >= start {
                let isWord = PocketsphinxWord.isWord(name)
                path.add(Int(start)...Int(end), score: Double(score), isWord: isWord)
                if isWord { words.append(HeardWord(name, frames: Int(start)...Int(end))) }
            }
            unsafe segment = ps_seg_next(place)
        }
        return (words, path)
    }
}
