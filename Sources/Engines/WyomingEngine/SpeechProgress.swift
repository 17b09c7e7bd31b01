internal import Sound
internal import VoiceCore
internal import Wyoming

/// What of a clause was already emitted, so that a second try goes on where the first one broke off.
///
/// The same clause gives the same samples again: our workers see to that.
struct SpeechProgress: Sendable {
    private var emittedSampleCount = 0
    private var hasEmittedWords = false
    /// Samples of the present try that are still to be passed over.
    private var repeatedSampleCount = 0

    /// Whether something was emitted.
    var hasBegun: Bool { emittedSampleCount > 0 }

    /// Begins another try.
    mutating func restart() {
        repeatedSampleCount = emittedSampleCount
    }

    mutating func part(of start: AudioStart) -> SynthesisPart? {
        if hasEmittedWords || start.words.isEmpty { return nil }
        hasEmittedWords = true
        return .words(start.words.map(WordTime.init))
    }

    /// - Returns: What is new in the piece; nil if nothing is.
    mutating func part(of piece: AudioPiece) -> SynthesisPart? {
        let samples = piece.monoSamples
        let repeated = min(repeatedSampleCount, samples.count)
        repeatedSampleCount -= repeated
        guard repeated < samples.count else { return nil }
        emittedSampleCount += samples.count - repeated
        let format = AudioFormat(sampleRate: piece.shape.rate, channelCount: 1)
        return .audio(AudioChunk(format: format, samples: Array(samples[repeated...])))
    }
}

extension WordTime {
    fileprivate init(_ word: SpokenWord) {
        self.init(
            characterOffset: word.characterIndex, characterCount: word.characterCount,
            start: .milliseconds(word.startMilliseconds), end: .milliseconds(word.endMilliseconds))
    }
}
