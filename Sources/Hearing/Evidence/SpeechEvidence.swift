internal import VoiceCore

/// What speaks for somebody having spoken in an utterance, apart from its text.
package struct SpeechEvidence: Hashable, Sendable {
    /// How long the detector was sure.
    package private(set) var voiced = Duration.zero
    /// How likely speech was at best, 0 to 1.
    package private(set) var bestProbability = 0.0
    /// Whether speech was likely once, and not just likelier than not.
    package private(set) var isSure = false
    /// The loudest window, in dB.
    package private(set) var loudest = Level.silence
    /// The quietest window, in dB; what is around the speech if anything is.
    package private(set) var quietest = 0.0

    package init() {}

    /// Takes a window of the utterance.
    ///
    /// - Parameter threshold: From where on the detector counts as sure.
    package mutating func take(_ window: Segmenter.Window, threshold: Double) {
        if window.probability >= threshold {
            voiced += .microseconds(window.sampleCount * 1_000_000 / UtteranceAudio.sampleRate)
        }
        bestProbability = max(bestProbability, window.probability)
        isSure = isSure || window.probability >= (threshold + 1) / 2
        loudest = max(loudest, window.level)
        quietest = min(quietest, window.level)
    }
}

/// Tells text that was said from text that an engine made up in silence or noise.
///
/// It looks at the sound and at how much text there is of it, never at which words: a real "thanks" or "bye" stays.
package struct InventionRule: Hashable, Sendable {
    /// Why a text is not believed.
    package enum Reason: String, Hashable, Sendable {
        /// The detector was hardly ever sure that somebody spoke, or never quite.
        ///
        /// Measured with Silero: of 88 utterances of speech each has a window above 0.99; with a kitchen as loud as the
        /// speaker all have 0.86 but one piece of 0.1 s. What it takes for speech in 346 s of noise has 0.59.
        case noSpeech = "no_speech"
        /// Nothing was loud enough to be heard, or louder than what is around it.
        case noSound = "no_sound"
        /// More words than anybody can say in the time.
        case tooMuchText = "too_much_text"
        /// The same words over and over, faster than anybody says them.
        case repetition
    }

    /// Shorter than any word that stands alone; the segmenter's own minimum.
    package var leastVoiced = Duration.milliseconds(96)
    /// Digital silence and the noise of a converter lie below.
    package var leastLevel = -65.0
    /// A steady noise varies less than that between its windows of 32 ms, speech more.
    package var leastContrast = 6.0
    /// Auctioneers reach 400 words a minute, 150 ms a word.
    package var leastVoicedPerWord = Duration.milliseconds(60)
    /// Whoever repeats a phrase takes his time over it.
    package var leastVoicedPerRepeatedWord = Duration.milliseconds(120)

    package init() {}

    /// - Returns: Why the text is not believed; nil if it is.
    package func reason(against text: String, _ evidence: SpeechEvidence) -> Reason? {
        let words = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        if words.isEmpty { return nil }
        if evidence.voiced < leastVoiced || !evidence.isSure { return .noSpeech }
        if evidence.loudest < leastLevel || evidence.loudest - evidence.quietest < leastContrast { return .noSound }
        let voicedPerWord = evidence.voiced / words.count
        if voicedPerWord < leastVoicedPerWord { return .tooMuchText }
        if Self.repeats(words), voicedPerWord < leastVoicedPerRepeatedWord { return .repetition }
        return nil
    }

    /// Looks at a text whose sound is not at hand.
    ///
    /// - Parameter length: Of the sound that it was read from, where that is known.
    /// - Returns: Why it is not believed; nil if it is, or if only its sound could tell.
    package func reason(against text: String, lasting length: Duration?) -> Reason? {
        let words = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        guard !words.isEmpty else { return nil }
        if let length, length / words.count < leastVoicedPerWord { return .tooMuchText }
        guard let length else { return Self.repeats(words, times: Self.tiresome) ? .repetition : nil }
        return length / words.count < leastVoicedPerRepeatedWord && Self.repeats(words) ? .repetition : nil
    }

    /// Nobody says a phrase so often in a row, however fast.
    private static let tiresome = 8

    /// Whether most of the words are one phrase of up to six words, so many times or more in a row.
    private static func repeats(_ words: [String], times: Int = 4) -> Bool {
        for length in 1...6 where words.count >= times * length {
            var run = 0
            for index in length..<words.count {
                run = words[index] == words[index - length] ? run + 1 : 0
                if run >= (times - 1) * length, (run + length) * 2 > words.count { return true }
            }
        }
        return false
    }
}
