private import CEspeak
internal import Sound
internal import Wyoming

/// What espeak-ng made of one text.
struct EspeakSpeech {
    var samples: [Int16] = []
    var words: [SpokenWord] = []

    /// Samples as they travel, low byte first.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        samples[range].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
}

/// espeak-ng with its one voice state; there is one in a process, and one thread uses it at a time.
///
/// It is some thousand times quicker than speech, so a text is made as a whole.
struct EspeakSpeaker: ~Copyable {
    /// Of everything it makes, in hertz.
    let sampleRate: Int

    /// For each language the signs that were asked for, and whether it has them.
    private var knownSigns: [String: [String: Bool]] = [:]

    /// espeak-ng's usual pace in words a minute, and how slow and fast it goes itself.
    private static let usualRate = 175.0
    private static let rates = 80.0...450.0

    /// - Returns: Nil where espeak-ng does not find its data.
    init?() {
        // Without the last flag espeak-ng ends the process when its data is missing.
        let rate = espeak_Initialize(
            AUDIO_OUTPUT_SYNCHRONOUS, 200, nil, Int32(bitPattern: UInt32(espeakINITIALIZE_DONT_EXIT)))
        guard rate > 0 else { return nil }
        sampleRate = Int(rate)
        unsafe espeak_SetSynthCallback(takeSpeech)
    }

    /// Speaks a text; nil if espeak-ng refuses.
    mutating func speak(_ request: SynthesizeRequest, voice: EspeakVoice) -> EspeakSpeech? {
        let manner = SpeechManner(request)
        let rate = min(max(Self.usualRate * manner.speed, Self.rates.lowerBound), Self.rates.upperBound)
        let pitch = EspeakPitch(voice.pitch, times: manner.pitch)
        guard unsafe espeak_SetVoiceByName(voice.file) == EE_OK else { return nil }
        _ = espeak_SetParameter(espeakRATE, Int32(rate), 0)
        _ = espeak_SetParameter(espeakPITCH, Int32(pitch.value), 0)
        _ = espeak_SetParameter(espeakRANGE, Int32(pitch.range), 0)
        let text = EspeakText(request.text, request.phonemes) { signs(for: $0, of: voice) }
        var draft = EspeakDraft()
        guard synthesize(text, into: &draft) else { return nil }
        let stretch = SpeechStretch(speed: Self.usualRate * manner.speed / rate, pitch: pitch.rest)
        let samples = stretch.apply(draft.samples, sampleRate: sampleRate)
        return EspeakSpeech(
            samples: samples,
            words: draft.spokenWords(of: text, lasting: samples.count * 1_000 / sampleRate, speed: stretch.speed))
    }

    private func synthesize(_ text: EspeakText, into draft: inout EspeakDraft) -> Bool {
        var plain = String.UnicodeScalarView()
        plain.append(contentsOf: text.scalars)
        let bytes = Array(String(plain).utf8) + [0]
        let flags = UInt32(espeakCHARS_UTF8) | (text.hasSigns ? UInt32(espeakPHONEMES) : 0)
        return unsafe withUnsafeMutablePointer(to: &draft) { draft in
            unsafe espeak_Synth(
                bytes, bytes.count, 0, POS_CHARACTER, 0, flags, nil, UnsafeMutableRawPointer(draft)) == EE_OK
        }
    }

    /// espeak-ng's signs for a pronunciation; the voice is set already.
    private mutating func signs(for ipa: String, of voice: EspeakVoice) -> String? {
        var known = knownSigns[voice.language] ?? [:]
        defer { knownSigns[voice.language] = known }
        return IPASymbols.signs(for: ipa) { sign in
            if let answer = known[sign] { return answer }
            let answer = hasSound(sign)
            known[sign] = answer
            return answer
        }
    }

    /// Whether the language of the present voice makes a sound of a sign.
    private func hasSound(_ sign: String) -> Bool {
        var silence = EspeakDraft()
        // Whether brackets hold signs is a setting that outlives the request which makes it.
        guard
            synthesize(
                EspeakText("a", [SpokenPhonemes(characterIndex: 0, characterCount: 1, ipa: "a")]) { $0 },
                into: &silence)
        else { return false }
        let bytes = Array("[[\(sign)]]".utf8) + [0]
        return unsafe bytes.withUnsafeBytes { bytes in
            var place = bytes.baseAddress
            guard
                let phonemes = unsafe espeak_TextToPhonemes(
                    &place, espeakCHARS_UTF8, Int32(espeakPHONEMES_IPA))
            else { return false }
            return unsafe phonemes.pointee != 0
        }
    }
}

/// What comes out of espeak-ng, piece by piece.
private struct EspeakDraft {
    var samples: [Int16] = []
    /// First scalar, count and begin in milliseconds of each word.
    var words: [(index: Int, count: Int, start: Int)] = []

    /// A word ends where the next one begins.
    func spokenWords(of text: EspeakText, lasting milliseconds: Int, speed: Double) -> [SpokenWord] {
        let starts = words.map { Int(Double($0.start) / speed) }
        return words.indices.compactMap { place in
            let word = words[place]
            let start = min(starts[place], milliseconds)
            let end = min(max(start, place + 1 < words.count ? starts[place + 1] : milliseconds), milliseconds)
            guard word.count > 0, let origin = text.origin(of: word.index..<word.index + word.count) else { return nil }
            return SpokenWord(
                characterIndex: origin.lowerBound, characterCount: origin.count, startMilliseconds: start,
                endMilliseconds: end)
        }
    }
}

/// Takes what espeak-ng has made, with the events that belong to it; 0 asks for more.
private func takeSpeech(
    _ samples: UnsafeMutablePointer<Int16>?, _ count: Int32, _ events: UnsafeMutablePointer<espeak_EVENT>?
) -> Int32 {
    guard var event = unsafe events, let context = unsafe event.pointee.user_data else { return 0 }
    let draft = unsafe context.assumingMemoryBound(to: EspeakDraft.self)
    while unsafe event.pointee.type != espeakEVENT_LIST_TERMINATED {
        if unsafe event.pointee.type == espeakEVENT_WORD {
            // espeak-ng counts characters from 1.
            let (position, length) = unsafe (Int(event.pointee.text_position), Int(event.pointee.length))
            unsafe draft.pointee.words.append((position - 1, length, Int(event.pointee.audio_position)))
        }
        unsafe event += 1
    }
    if let samples = unsafe samples, count > 0 {
        unsafe draft.pointee.samples.append(contentsOf: UnsafeBufferPointer(start: samples, count: Int(count)))
    }
    return 0
}
