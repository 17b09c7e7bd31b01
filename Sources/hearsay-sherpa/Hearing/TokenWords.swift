package import Sherpa
package import Wyoming

/// The words of a text with their times, found by following the letters of the tokens that the text was made of.
package struct TokenWords: Hashable, Sendable {
    /// Empty where the model tells no times, or its tokens spell something else than its text.
    package private(set) var words: [HeardWord] = []

    /// Models tell when a token begins; the last one of a word is taken to last so long, in seconds, unless another
    /// begins before.
    private static let longestToken: Float = 0.4

    /// - Parameters:
    ///   - text: What is told; other capital letters and spaces than the model's do no harm.
    ///   - length: Of the utterance, in seconds.
    package init(_ said: SherpaText, text: String, length: Float) {
        let count = said.tokens.count
        guard count > 0, said.starts.count == count else { return }
        let spelt = said.tokens.map(Self.letters)
        let wanted = Self.split(text)
        guard spelt.joined() == wanted.map(Self.letters).joined() else { return }
        var token = 0
        // Letters of the token that belong to the word before.
        var used = 0
        for word in wanted {
            var need = Self.letters(word).count
            if need == 0 { continue }
            while token < count, used == spelt[token].count { (token, used) = (token + 1, 0) }
            let first = token
            var last = token
            while need > 0, token < count {
                let taken = min(need, spelt[token].count - used)
                if taken > 0 { last = token }
                (need, used) = (need - taken, used + taken)
                if used == spelt[token].count, need > 0 { (token, used) = (token + 1, 0) }
            }
            words.append(Self.word(word, first...last, said, length: length))
        }
    }

    private static func word(
        _ text: String, _ tokens: ClosedRange<Int>, _ said: SherpaText, length: Float
    ) -> HeardWord {
        let start = min(max(0, said.starts[tokens.lowerBound]), length)
        let begin = said.starts[tokens.upperBound]
        let next = tokens.upperBound + 1 < said.starts.count ? said.starts[tokens.upperBound + 1] : length
        let told = said.durations.count == said.starts.count ? said.durations[tokens.upperBound] : 0
        let end = told > 0 ? begin + told : min(next, begin + longestToken)
        return HeardWord(
            text: text, startMilliseconds: Int(start * 1_000),
            endMilliseconds: Int(max(start, min(end, length)) * 1_000),
            confidence: confidence(said.logProbabilities, tokens))
    }

    /// The mean of the tokens', which are logarithms.
    private static func confidence(_ logarithms: [Float], _ tokens: ClosedRange<Int>) -> Double? {
        guard tokens.upperBound < logarithms.count else { return nil }
        let probabilities = logarithms[tokens].map { Confidence.probability(ofLogarithm: $0) }
        return probabilities.reduce(0, +) / Double(probabilities.count)
    }

    /// What is left of a token or a word when its case and everything but letters and digits are gone.
    private static func letters(_ text: String) -> String {
        if text.hasPrefix("<"), text.hasSuffix(">") { return "" }
        return String(
            String.UnicodeScalarView(
                text.lowercased().unicodeScalars.filter {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil
                }))
    }

    /// Words between spaces; a sign of a language that writes none is a word of its own.
    private static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            let isIdeograph = character.unicodeScalars.contains { $0.properties.isIdeographic }
            if character.isWhitespace || isIdeograph {
                if !word.isEmpty { words.append(word) }
                word = ""
                if isIdeograph { words.append(String(character)) }
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }
}
