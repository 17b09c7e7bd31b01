import Sound
import SpokenText
import VoiceCore

/// Writes what an engine makes of one clause into a take: trimmed, faded, as loud as it is to be, with its words.
struct ClauseWriter: Sendable {
    /// How the samples are to sound.
    struct Manner: Sendable {
        var isVerbatim: Bool
        var level: VoiceLevel
        /// A factor, as the request and the text want it.
        var volume: Double
        /// What the engine could not do itself.
        var stretch = SpeechStretch()
    }

    private let take: Take
    private let text: MappedText
    private let manner: Manner
    /// Of the clause in the job.
    private let start: Duration
    /// Silence that cannot be written yet, since the format is not known before the first audio.
    private var pause: Duration
    private var edges: ClauseEdges?
    /// The clause so far, where it is to be stretched as a whole.
    private var unstretched: [Int16] = []
    private var translation: WordTranslation
    /// Words that wait for the beginning to be trimmed.
    private var heldWords: [WordTime] = []
    private var areWordsGiven = false
    private var hasSounded = false

    /// - Parameter pause: Silence before the clause.
    init(_ text: MappedText, after pause: Duration, into take: Take, _ manner: Manner) {
        self.take = take
        self.text = text
        self.manner = manner
        self.pause = take.rest(for: pause)
        start = take.duration + self.pause
        translation = WordTranslation(text, from: start)
    }

    /// - Returns: Whether that was the first audio of the clause.
    mutating func write(_ part: SynthesisPart) -> Bool {
        switch part {
        case .words(let times):
            areWordsGiven = areWordsGiven || !times.isEmpty
            if manner.isVerbatim { write(words: times) } else { heldWords += times }
            return false
        case .audio(let chunk):
            if manner.isVerbatim { return write(chunk) }
            manner.level.measure?.add(chunk)
            var edges = edges ?? ClauseEdges(chunk.format)
            defer { self.edges = edges }
            if manner.stretch.isNeeded {
                unstretched += chunk.samples
                return false
            }
            let samples = edges.take(chunk.samples)
            releaseWords(edges)
            return write(AudioChunk(format: chunk.format, samples: samples))
        }
    }

    /// The engine has made all of the clause.
    ///
    /// - Returns: Whether that brought the first audio of the clause.
    mutating func finish() -> Bool {
        var isFirst = false
        if var edges {
            let format = edges.format
            var rest = edges.take(manner.stretch.apply(unstretched, sampleRate: format.sampleRate))
            releaseWords(edges)
            rest += edges.finish()
            isFirst = write(AudioChunk(format: format, samples: rest))
            self.edges = edges
        }
        take.append(words: translation.finish(), areEstimated: false)
        if !areWordsGiven { estimateWords() }
        return isFirst
    }

    private mutating func write(_ chunk: AudioChunk) -> Bool {
        guard manner.isVerbatim || !chunk.samples.isEmpty else { return false }
        let isFirst = !hasSounded
        hasSounded = true
        if let silence = chunk.format.silence(pause) { take.append(silence) }
        pause = .zero
        var chunk = chunk
        if manner.isVerbatim {
            PCM16.amplify(&chunk.samples, by: manner.volume)
        } else {
            PCM16.level(&chunk.samples, by: manner.volume * manner.level.gain)
        }
        take.append(chunk)
        return isFirst
    }

    private mutating func releaseWords(_ edges: ClauseEdges) {
        guard let trimmed = edges.trimmedStart, !heldWords.isEmpty else { return }
        write(
            words: heldWords.map { word in
                var word = word
                word.start = max(.zero, word.start / manner.stretch.speed - trimmed)
                word.end = max(.zero, word.end / manner.stretch.speed - trimmed)
                return word
            })
        heldWords = []
    }

    private mutating func write(words times: [WordTime]) {
        take.append(words: translation.translate(times), areEstimated: false)
    }

    private func estimateWords() {
        let guesses = HeardText.estimate(
            text.string, characterOffset: 0, from: .zero, lasting: max(.zero, take.duration - start))
        var translation = WordTranslation(text, from: start)
        take.append(words: translation.translate(guesses) + translation.finish(), areEstimated: !guesses.isEmpty)
    }
}

extension Take {
    /// Adds a silence if the format is known, which it is not before the first audio.
    ///
    /// - Returns: What is left to be added.
    fileprivate func rest(for pause: Duration) -> Duration {
        guard let format, let silence = format.silence(pause) else { return pause }
        append(silence)
        return .zero
    }
}

extension AudioFormat {
    /// Samples without a sound; nil for no time at all.
    fileprivate func silence(_ duration: Duration) -> AudioChunk? {
        let count = sampleCount(in: duration)
        return count > 0 ? AudioChunk(format: self, samples: Array(repeating: 0, count: count)) : nil
    }
}
