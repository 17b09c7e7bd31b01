internal import VoiceCore

/// When an utterance begins and ends.
package struct SegmentRules: Hashable, Sendable {
    /// How likely speech must be for an utterance to begin, 0 to 1.
    package var threshold = 0.5
    /// How long speech must last to be an utterance.
    package var minimumSpeech = Duration.milliseconds(96)
    /// How long it must be silent for an utterance to end.
    package var minimumSilence = Duration.milliseconds(500)
    /// How much before the first speech belongs to the utterance, since words begin before a detector is sure.
    package var preRoll = Duration.milliseconds(300)
    /// How much of the silence after the last speech belongs to the utterance; no more than `minimumSilence`.
    package var postRoll = Duration.milliseconds(300)
    /// How long an utterance may become before it is cut.
    package var longest = Duration.seconds(20)
    /// How far back from there the quietest place for the cut is looked for.
    package var cutSearch = Duration.seconds(5)

    package init() {}

    /// Speech goes on until it is this unlikely: Silero's own rule, 0.15 below the threshold.
    var releaseThreshold: Double { max(0.05, threshold - 0.15) }

    /// The rules within the bounds that the segmenter can keep.
    package var bounded: SegmentRules {
        var rules = self
        rules.threshold = min(max(threshold.isFinite ? threshold : 0.5, 0.05), 0.95)
        rules.minimumSpeech = min(max(minimumSpeech, SpeechWindow.duration), .seconds(2))
        rules.minimumSilence = min(max(minimumSilence, .milliseconds(96)), .seconds(5))
        rules.preRoll = min(max(preRoll, .milliseconds(300)), .seconds(3))
        rules.postRoll = min(max(postRoll, .zero), rules.minimumSilence)
        // Below what an `UtteranceAudio` holds, with room for the rolls.
        rules.longest = min(max(longest, .seconds(2)), .seconds(50))
        rules.cutSearch = min(max(cutSearch, SpeechWindow.duration), rules.longest / 2)
        return rules
    }
}
