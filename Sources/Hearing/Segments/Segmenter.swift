internal import VoiceCore

/// Decides where in a source's audio utterances lie.
///
/// It sees windows, one after the other, and speaks of samples by their number since the source's beginning. Every sample
/// that was part of speech long enough lies in exactly one utterance: a cut ends one where the next begins.
///
/// Nothing is decided about samples before the last window, so that an utterance can be understood as it comes.
package struct Segmenter: Sendable {
    /// A window as a detector saw it; all have `SpeechWindow.sampleCount` samples, except those of a shorter rest.
    package struct Window: Hashable, Sendable {
        package var sampleCount: Int
        /// How likely it holds speech.
        package var probability: Double
        /// How loud it is, in dB below the loudest possible, so at most 0.
        package var level: Double

        package init(sampleCount: Int = SpeechWindow.sampleCount, probability: Double, level: Double) {
            self.sampleCount = sampleCount
            self.probability = probability
            self.level = level
        }
    }

    /// What a window brought about.
    package enum Action: Hashable, Sendable {
        /// Somebody began to speak at `speech`; the utterance's audio begins at `audio`, before that.
        case begin(audio: Int, speech: Int)
        /// The utterance ends before sample `audio`; nobody has spoken since `speech`.
        case end(audio: Int, speech: Int)
        /// The utterance is long enough and it is quiet: it ends before sample `audio`, where another one begins.
        case cut(audio: Int)
        /// What was heard from `audio` on was too short to be speech.
        case tooShort(audio: Int)
    }

    private enum State: Sendable {
        /// Nobody speaks.
        case silent
        /// Somebody may have begun to speak at `start`; `voiced` samples since then sounded like it.
        case rising(start: Int, voiced: Int)
        /// An utterance is under way, whose audio began at `start`, with speech up to `lastSpeech`.
        case speaking(start: Int, lastSpeech: Int)
    }

    private let rules: SegmentRules
    private var state = State.silent
    /// The number of the next sample.
    private var position = 0
    /// Before this sample everything belongs to an earlier utterance.
    private var taken = 0
    /// The levels of the windows of `cutSearch`, with where each ends.
    private var levels: [(end: Int, level: Double)] = []

    package init(_ rules: SegmentRules = SegmentRules()) {
        self.rules = rules.bounded
    }

    /// The oldest sample that an utterance may still want, so that older ones may be forgotten.
    package var oldestWanted: Int {
        switch state {
        case .silent: max(taken, position - rules.preRoll.sampleCount)
        case .rising(let start, _): max(taken, start - rules.preRoll.sampleCount)
        case .speaking(let start, _): start
        }
    }

    /// Before this sample everything belongs to the utterance under way, whatever comes; nil while there is none.
    package var settled: Int? {
        guard case .speaking(_, let lastSpeech) = state else { return nil }
        return min(position, lastSpeech + rules.postRoll.sampleCount)
    }

    package var isSpeaking: Bool { if case .speaking = state { true } else { false } }

    /// Takes the next window.
    package mutating func take(_ window: Window) -> [Action] {
        let start = position
        position += window.sampleCount
        switch state {
        case .silent:
            guard window.probability >= rules.threshold else { return [] }
            return rise(from: start, voiced: window.sampleCount)
        case .rising(let begin, let voiced):
            if window.probability >= rules.releaseThreshold {
                return rise(from: begin, voiced: voiced + window.sampleCount)
            }
            // A stop consonant may lie within a word: only as much silence as there was speech says that it was none.
            if position - begin <= 2 * voiced { return [] }
            state = .silent
            return [.tooShort(audio: begin)]
        case .speaking(let begin, let lastSpeech):
            note(window)
            let isSpeech = window.probability >= rules.releaseThreshold
            state = .speaking(start: begin, lastSpeech: isSpeech ? position : lastSpeech)
            if !isSpeech, position - lastSpeech >= rules.minimumSilence.sampleCount { return [end(lastSpeech)] }
            return isCutPlace(window, after: position - begin) ? [cut()] : []
        }
    }

    /// Ends what is under way, because nothing follows or a gap does.
    ///
    /// - Parameter sampleCount: How many samples are missing until the next window.
    package mutating func interrupt(gap sampleCount: Int = 0) -> [Action] {
        var actions: [Action] = []
        switch state {
        case .silent: break
        case .rising(let start, _): actions = [.tooShort(audio: start)]
        case .speaking(_, let lastSpeech): actions = [end(lastSpeech)]
        }
        state = .silent
        position += sampleCount
        taken = position
        return actions
    }

    private mutating func rise(from start: Int, voiced: Int) -> [Action] {
        guard voiced >= rules.minimumSpeech.sampleCount else {
            state = .rising(start: start, voiced: voiced)
            return []
        }
        let audio = max(taken, start - rules.preRoll.sampleCount)
        state = .speaking(start: audio, lastSpeech: position)
        levels = []
        return [.begin(audio: audio, speech: start)]
    }

    private mutating func end(_ lastSpeech: Int) -> Action {
        let audio = min(position, lastSpeech + rules.postRoll.sampleCount)
        state = .silent
        taken = audio
        return .end(audio: audio, speech: lastSpeech)
    }

    /// Whether the utterance is to be cut after this window.
    ///
    /// What was heard is understood already, so the cut can only lie here. As the utterance comes near its longest, it
    /// takes a place as quiet as the quietest of late, then one that is merely quieter than most, at last any.
    private func isCutPlace(_ window: Window, after length: Int) -> Bool {
        let rest = rules.longest.sampleCount - length
        if rest <= 0 { return true }
        guard rest < rules.cutSearch.sampleCount else { return false }
        let sorted = levels.map(\.level).sorted()
        guard let quietest = sorted.first else { return false }
        let usual = sorted[sorted.count / 2]
        let patience = Double(rest) / Double(rules.cutSearch.sampleCount)
        return window.level <= quietest + (usual - quietest) * 0.5 * (1 - patience)
    }

    private mutating func cut() -> Action {
        state = .speaking(start: position, lastSpeech: position)
        taken = position
        return .cut(audio: position)
    }

    private mutating func note(_ window: Window) {
        levels.append((position, window.level))
        let oldest = position - rules.cutSearch.sampleCount
        levels.removeAll { $0.end <= oldest }
    }
}

extension Duration {
    /// Samples of an utterance that last so long.
    package var sampleCount: Int {
        Int((self / .microseconds(1)) * Double(UtteranceAudio.sampleRate) / 1_000_000 + 0.5)
    }
}
