package import VoiceCore

/// Something that was said, with its place in a recording.
package struct SaidText: Hashable, Sendable {
    /// Where its audio begins and ends, from the recording's first sample.
    package var start: Duration
    package var end: Duration
    /// The times of its words count from `start`.
    package var transcript: Transcript
    /// Why the text is not believed; nil if it is.
    package var doubt: InventionRule.Reason?

    package init(start: Duration, end: Duration, transcript: Transcript, doubt: InventionRule.Reason? = nil) {
        self.start = start
        self.end = end
        self.transcript = transcript
        self.doubt = doubt
    }
}
