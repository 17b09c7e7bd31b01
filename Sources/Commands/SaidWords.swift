/// A text with the places of its words, counted as a matcher counts them.
package struct SaidWords: Hashable, Sendable {
    package let text: String
    private let places: [Range<String.Index>]

    package init(_ text: String) {
        self.text = text
        places = PlainText.places(of: text)
    }

    /// How many words there are.
    package var count: Int { places.count }

    /// The text from one word to another, with the punctuation behind them but none before.
    package func text(_ words: Range<Int>) -> String {
        let words = words.clamped(to: 0..<count)
        guard !words.isEmpty else { return "" }
        let end = words.upperBound < count ? places[words.upperBound].lowerBound : text.endIndex
        var said = text[places[words.lowerBound].lowerBound..<end]
        while said.last?.isWhitespace == true { said.removeLast() }
        return String(said)
    }
}
