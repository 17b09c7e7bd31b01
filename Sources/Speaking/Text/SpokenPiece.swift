package import SpokenText

/// A piece of a script that an engine speaks in one go.
package struct SpokenPiece: Hashable, Sendable {
    /// What is spoken, with the places in the caller's text that it stands for; empty for a pause alone.
    package var text: MappedText
    package var style: SpeechStyle
    package var pauseBefore: Duration
    /// Of words that lie wholly within the piece; ranges in its text.
    package var phonemes: [Segment.Phonemes] = []

    /// The pieces of a script, in order.
    package static func pieces(of script: Script) -> [SpokenPiece] {
        script.segments.flatMap { segment in
            let clauses = segment.text.isEmpty ? [0..<0] : ClauseCutter.cut(segment.text)
            return clauses.map { clause in
                SpokenPiece(
                    text: segment.text.slice(clause), style: segment.style,
                    pauseBefore: clause.lowerBound == 0 ? segment.pauseBefore : .zero,
                    phonemes: segment.phonemes.compactMap { $0.within(clause) })
            }
        }
    }
}

extension Segment.Phonemes {
    /// The same in a slice of the segment; nil where the slice does not hold the whole word.
    fileprivate func within(_ slice: Range<Int>) -> Segment.Phonemes? {
        guard !range.isEmpty, slice.lowerBound <= range.lowerBound, range.upperBound <= slice.upperBound else {
            return nil
        }
        var moved = self
        moved.range = range.lowerBound - slice.lowerBound..<range.upperBound - slice.lowerBound
        return moved
    }
}
