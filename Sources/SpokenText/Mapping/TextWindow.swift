/// Scalars of a written text that can be looked at safely from any place, also beyond the ends.
///
/// Every look ahead or back is bounded, so that reading a text takes time in proportion to its length.
struct TextWindow: Sendable {
    /// The longest word that a rule compares with a table.
    static let wordLimit = 40

    let scalars: [Unicode.Scalar]

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    init(_ text: String) {
        self.init(Array(text.unicodeScalars))
    }

    var count: Int { scalars.count }

    /// NUL beyond the ends.
    subscript(index: Int) -> Unicode.Scalar {
        index >= 0 && index < scalars.count ? scalars[index] : "\0"
    }

    func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range.clamped(to: 0..<count)])
        return String(view)
    }

    /// Whether a word may begin here: what stands before is no part of a word.
    func isWordStart(_ index: Int) -> Bool { !self[index - 1].isWordPart }

    /// Whether a word may end before this place.
    func isWordEnd(_ index: Int) -> Bool { !self[index].isWordPart }

    /// The end of the run that begins at `index`, of at most `limit` scalars.
    func end(from index: Int, limit: Int = wordLimit, while belongs: (Unicode.Scalar) -> Bool) -> Int {
        let stop = min(count, index + limit)
        var index = index
        while index < stop, belongs(scalars[index]) { index += 1 }
        return index
    }

    func endOfDigits(_ index: Int, limit: Int = wordLimit) -> Int {
        end(from: index, limit: limit) { $0.isDigit }
    }

    func endOfWord(_ index: Int) -> Int {
        end(from: index) { $0.isWordPart }
    }

    /// Whether the text goes on with these words of ASCII.
    func has(_ words: String, at index: Int, ignoringCase: Bool = false) -> Bool {
        var index = index
        for scalar in words.unicodeScalars {
            let own = self[index]
            guard own == scalar || ignoringCase && own.isLetter && own.value | 0x20 == scalar.value | 0x20 else {
                return false
            }
            index += 1
        }
        return true
    }

    /// The word that begins at `index`, of letters alone; empty where there is none.
    func letters(at index: Int) -> String {
        string(index..<end(from: index) { $0.isLetter })
    }

    /// The whole number below 10,000 that begins at `index` and has that many digits.
    func number(at index: Int, digits: ClosedRange<Int>) -> (value: Int, end: Int)? {
        let end = endOfDigits(index, limit: digits.upperBound + 1)
        guard digits.contains(end - index) else { return nil }
        return (scalars[index..<end].reduce(0) { $0 * 10 + Int($1.value) - 0x30 }, end)
    }

    /// The place behind one space, or the place itself; no-break and thin spaces count.
    func skipSpace(_ index: Int) -> Int {
        switch self[index] {
        case " ", "\u{A0}", "\u{202F}", "\u{2009}": index + 1
        default: index
        }
    }

    /// The word before `index` in lower case, if nothing but one space stands between.
    ///
    /// - Parameter isTouching: Whether one scalar of any kind stands in the space's place.
    func wordBefore(_ index: Int, isTouching: Bool = false) -> String {
        guard isTouching || self[index - 1].isSpace else { return "" }
        var start = index - 1
        while start > 0, index - start < Self.wordLimit, self[start - 1].isLetter { start -= 1 }
        return string(start..<index - 1).lowercased()
    }

    /// Where the next word begins, behind one space.
    func nextWord(_ index: Int) -> Int? {
        self[index].isSpace && self[index + 1].isWordPart ? index + 1 : nil
    }

    /// Whether a sentence may end here: the text ends, or the next word has a capital letter.
    func endsSentence(_ index: Int) -> Bool {
        if [",", ";", ":", "!", "?"].contains(self[index]) { return false }
        let next = end(from: index, limit: 8) { $0.isSpace || $0.isClosing }
        return next >= count || self[index] == "\n" || next > index && self[next].properties.isUppercase
    }
}
