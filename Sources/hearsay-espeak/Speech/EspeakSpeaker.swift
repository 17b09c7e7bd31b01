private import CEspeak
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
    ///
    /// - Parameter speed: 0.25 to 4.
    func speak(_ text: String, voice: EspeakVoice, speed: Double) -> EspeakSpeech? {
        let rate = min(max(Self.usualRate * speed, Self.rates.lowerBound), Self.rates.upperBound)
        guard unsafe espeak_SetVoiceByName(voice.file) == EE_OK else { return nil }
        _ = espeak_SetParameter(espeakRATE, Int32(rate), 0)
        _ = espeak_SetParameter(espeakPITCH, Int32(voice.pitch), 0)
        var draft = EspeakDraft()
        guard synthesize(text, into: &draft) else { return nil }
        let rest = Self.usualRate * speed / rate
        let samples =
            abs(rest - 1) < 0.01 ? draft.samples : Stretch(sampleRate: sampleRate).apply(draft.samples, speed: rest)
        return EspeakSpeech(
            samples: samples,
            words: draft.spokenWords(of: text, lasting: samples.count * 1_000 / sampleRate, speed: rest))
    }

    private func synthesize(_ text: String, into draft: inout EspeakDraft) -> Bool {
        // A zero would end the text; espeak-ng counts characters, so each stays one.
        let scalars = text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
        var plain = String.UnicodeScalarView()
        plain.append(contentsOf: scalars)
        let bytes = Array(String(plain).utf8) + [0]
        return unsafe withUnsafeMutablePointer(to: &draft) { draft in
            unsafe espeak_Synth(
                bytes, bytes.count, 0, POS_CHARACTER, 0, UInt32(espeakCHARS_UTF8), nil, UnsafeMutableRawPointer(draft))
                == EE_OK
        }
    }
}

/// What comes out of espeak-ng, piece by piece.
private struct EspeakDraft {
    var samples: [Int16] = []
    /// First scalar, count and begin in milliseconds of each word.
    var words: [(index: Int, count: Int, start: Int)] = []

    /// A word ends where the next one begins.
    func spokenWords(of text: String, lasting milliseconds: Int, speed: Double) -> [SpokenWord] {
        let length = text.unicodeScalars.count
        let starts = words.map { Int(Double($0.start) / speed) }
        return words.indices.compactMap { place in
            let word = words[place]
            let start = min(starts[place], milliseconds)
            let end = min(max(start, place + 1 < words.count ? starts[place + 1] : milliseconds), milliseconds)
            guard word.index >= 0, word.count > 0, word.index + word.count <= length else { return nil }
            return SpokenWord(
                characterIndex: word.index, characterCount: word.count, startMilliseconds: start, endMilliseconds: end)
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
