package import SpokenText
import VoiceCore

/// Cuts a text into clauses, so that a long text begins as soon as a short one.
package enum ClauseCutter {
    /// A piece shorter than this is joined with the next one, since very short pieces sound chopped.
    private static let shortest = 12
    /// Beyond this a piece is cut at a comma, and beyond `Clause.characterLimit` anywhere between words.
    ///
    /// Measured: flite begins an 80-character clause after 17 ms and a 300-character one after 76 ms.
    private static let comfortable = 100

    /// The clauses of a text: ranges in order that leave nothing out.
    ///
    /// What is spoken for one stretch of the original stays together, unless it is longer than a clause.
    package static func cut(_ text: MappedText) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        while start < text.count {
            let end = endOfPiece(text, from: start)
            pieces.append(start..<end)
            start = end
        }
        return pieces
    }

    /// - Returns: The index behind the piece that begins at `start`, spaces after it included.
    private static func endOfPiece(_ mapped: MappedText, from start: Int) -> Int {
        let text = mapped.scalars
        let hardEnd = min(text.count, start + Clause.characterLimit)
        var lastComma: Int?
        var lastSpace: Int?
        for index in start..<hardEnd {
            if mapped.isWithinToken(index + 1) { continue }
            let count = index - start + 1
            if endsSentence(text, at: index), count >= shortest {
                return skipSpaces(text, from: index + 1, to: hardEnd)
            }
            if isComma(text, at: index) { lastComma = index }
            if text[index].properties.isWhitespace { lastSpace = index }
            if count >= comfortable, let comma = lastComma, comma - start + 1 >= shortest {
                return skipSpaces(text, from: comma + 1, to: hardEnd)
            }
        }
        if hardEnd == text.count { return hardEnd }
        return (lastComma ?? lastSpace).map { skipSpaces(text, from: $0 + 1, to: hardEnd) } ?? hardEnd
    }

    private static func endsSentence(_ text: [Unicode.Scalar], at index: Int) -> Bool {
        switch text[index] {
        case "\n", "。", "！", "？": true
        case ".", "!", "?", "…": isFollowedBySpace(text, index) && !isAbbreviation(text, endingAt: index)
        default: false
        }
    }

    private static func isComma(_ text: [Unicode.Scalar], at index: Int) -> Bool {
        switch text[index] {
        case "、", "，": true
        case ",", ";", ":", "–", "—": isFollowedBySpace(text, index)
        default: false
        }
    }

    /// Closing quotes and brackets belong to what they close.
    private static func isFollowedBySpace(_ text: [Unicode.Scalar], _ index: Int) -> Bool {
        var next = index + 1
        while next < text.count, "\"'”’)]»".unicodeScalars.contains(text[next]) { next += 1 }
        return next >= text.count || text[next].properties.isWhitespace
    }

    /// A single letter or a title before the full stop, as in `J. S. Bach` and `Dr. No`.
    private static func isAbbreviation(_ text: [Unicode.Scalar], endingAt index: Int) -> Bool {
        guard text[index] == "." else { return false }
        var begin = index
        while begin > 0, text[begin - 1].properties.isAlphabetic { begin -= 1 }
        var word = String.UnicodeScalarView()
        word.append(contentsOf: text[begin..<index])
        return index - begin == 1 || titles.contains(String(word).lowercased())
    }

    private static let titles: Set<String> = ["dr", "mr", "mrs", "ms", "prof", "st", "vs", "etc", "no"]

    private static func skipSpaces(_ text: [Unicode.Scalar], from index: Int, to end: Int) -> Int {
        var index = index
        while index < end, "\"'”’)]»".unicodeScalars.contains(text[index]) { index += 1 }
        while index < end, text[index].properties.isWhitespace { index += 1 }
        return index
    }
}
