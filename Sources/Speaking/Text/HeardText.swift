package import VoiceCore

/// What of a text was heard up to a position.
package enum HeardText {
    /// Splits the caller's text behind the last word that was heard to its end.
    ///
    /// - Parameters:
    ///   - words: Word times known so far, in order; offsets count Unicode scalars of `text`.
    ///   - duration: How much audio exists; without word times the split is estimated from it.
    ///   - isComplete: Whether that is all the audio of the text.
    package static func split(
        _ text: String, words: [WordTime], at position: Duration, duration: Duration, isComplete: Bool,
        isEstimated: Bool
    ) -> Delivered {
        let scalars = text.unicodeScalars
        let count = scalars.count
        var heard = words.last { $0.end <= position }.map { $0.characterOffset + $0.characterCount } ?? 0
        var isGuess = isEstimated
        if words.isEmpty, position > .zero, duration > .zero {
            heard = min(count, Int(Double(count) * (position / duration)))
            isGuess = true
        }
        if isComplete, position >= duration, position > .zero { heard = count }
        let middle = scalars.index(scalars.startIndex, offsetBy: min(heard, count))
        return Delivered(
            delivered: String(scalars[..<middle]), unspoken: String(scalars[middle...]), position: position,
            percent: count == 0 ? 0 : min(heard, count) * 100 / count, isEstimated: isGuess)
    }

    /// The word that sounds at a position.
    package static func progress(words: [WordTime], at position: Duration, characterCount: Int) -> JobProgress? {
        guard let index = words.lastIndex(where: { $0.start <= position }) else { return nil }
        let word = words[index]
        let end = word.characterOffset + word.characterCount
        return JobProgress(
            position: position, wordIndex: index, characterOffset: word.characterOffset, characterEnd: end,
            percent: characterCount == 0 ? 100 : min(100, end * 100 / characterCount))
    }

    /// Guesses word times from the lengths of the words, for engines that give none.
    ///
    /// - Parameters:
    ///   - characterOffset: Of the piece in the caller's text.
    ///   - start: Of the piece in the job.
    package static func estimate(
        _ piece: String, characterOffset: Int, from start: Duration, lasting duration: Duration
    ) -> [WordTime] {
        let scalars = Array(piece.unicodeScalars)
        guard !scalars.isEmpty else { return [] }
        var words: [WordTime] = []
        var begin: Int?
        for index in 0...scalars.count {
            let isGap = index == scalars.count || scalars[index].properties.isWhitespace
            if isGap, let first = begin {
                let (from, to) = (Double(first) / Double(scalars.count), Double(index) / Double(scalars.count))
                words.append(
                    WordTime(
                        characterOffset: characterOffset + first, characterCount: index - first,
                        start: start + duration * from, end: start + duration * to))
                begin = nil
            } else if !isGap, begin == nil {
                begin = index
            }
        }
        return words
    }
}
