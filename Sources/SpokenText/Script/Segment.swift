/// A stretch of text that is spoken in one style; a pause may stand before it.
package struct Segment: Hashable, Sendable {
    /// How a word is to be pronounced, in the International Phonetic Alphabet.
    package struct Phonemes: Hashable, Sendable {
        /// The word in the segment's spoken text.
        package var range: Range<Int>
        package var ipa: String
    }

    /// What is spoken; empty where there is only a pause.
    package var text: MappedText
    package var style: SpeechStyle
    package var pauseBefore: Duration
    /// In order; engines that cannot use them speak the text.
    package var phonemes: [Phonemes] = []
    /// The stretch of the original that this segment covers, in Unicode scalars; all segments together cover it once.
    package var source: Range<Int>

}
