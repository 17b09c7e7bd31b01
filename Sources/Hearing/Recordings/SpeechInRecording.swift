internal import Sound
internal import VoiceCore

/// Where somebody speaks in a recording.
package struct SpeechInRecording: Hashable, Sendable {
    /// An utterance, without what is kept around it for the recogniser.
    package struct Stretch: Hashable, Sendable {
        package var start: Duration
        package var end: Duration
        /// How likely it holds speech where that is likeliest, 0 to 1.
        package var probability: Double
    }

    /// In their order; they do not overlap.
    package private(set) var stretches: [Stretch] = []
    /// How likely speech is where it is likeliest, 0 to 1, also where it is too short to be any.
    package private(set) var bestProbability = 0.0
    /// Of the whole recording.
    package internal(set) var length = Duration.zero

    package init() {}

    /// How long somebody speaks in all.
    package var speech: Duration { stretches.reduce(.zero) { $0 + $1.end - $1.start } }

    /// Reads the windows of a recording, one after the other.
    struct Reader {
        private(set) var found = SpeechInRecording()
        private var cutter: UtteranceCutter

        init(_ rules: SegmentRules) {
            cutter = UtteranceCutter(rules)
        }

        mutating func take(_ window: [Int16], _ probability: Double) {
            found.bestProbability = max(found.bestProbability, probability)
            cutter.take(window, probability: probability).forEach { add($0) }
        }

        mutating func finish() {
            cutter.interrupt().forEach { add($0) }
        }

        private mutating func add(_ event: UtteranceCutter.Event) {
            guard case .ended(let utterance, let speechEnd, _) = event else { return }
            let format = AudioFormat(sampleRate: UtteranceAudio.sampleRate)
            found.stretches.append(
                Stretch(
                    start: format.duration(of: utterance.speechStart), end: format.duration(of: speechEnd),
                    probability: utterance.evidence.bestProbability))
        }
    }
}
