/// A text in which every scalar knows the stretch of the original it stands for.
///
/// Origins never run backwards: each begins where the one before begins, or later.
package struct MappedText: Hashable, Sendable {
    package private(set) var scalars: [Unicode.Scalar] = []
    /// For each scalar, Unicode scalars of the original; never empty.
    package private(set) var origins: [Range<Int>] = []

    package init() {}

    /// A whole text as its own original.
    package init(_ text: String) {
        self.init(original: Array(text.unicodeScalars), in: 0..<text.unicodeScalars.count)
    }

    /// A stretch of the original itself.
    init(original text: [Unicode.Scalar], in range: Range<Int>) {
        scalars = Array(text[range])
        origins = range.map { $0..<$0 + 1 }
    }

    package var count: Int { scalars.count }
    package var isEmpty: Bool { scalars.isEmpty }

    /// The text without its origins.
    package var string: String { string(in: 0..<count) }

    /// A stretch of the text without its origins.
    package func string(in range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    /// The stretch of the original that a stretch of the text stands for; nil for an empty one.
    package func origin(of range: Range<Int>) -> Range<Int>? {
        let range = range.clamped(to: 0..<count)
        guard let first = range.first, let last = range.last else { return nil }
        return origins[first].lowerBound..<max(origins[first].upperBound, origins[last].upperBound)
    }

    /// Whether there is anything to say: a letter, a digit or a symbol, not marks of punctuation alone.
    package var isSpeakable: Bool {
        scalars.contains { scalar in
            if scalar.isWordPart { return true }
            switch scalar.properties.generalCategory {
            case .currencySymbol, .mathSymbol, .otherSymbol: return true
            default: return false
            }
        }
    }

    /// Whether the scalars on both sides of this place are spoken for the same stretch of the original.
    package func isWithinToken(_ index: Int) -> Bool {
        guard index > 0, index < count else { return false }
        return origins[index - 1].upperBound > origins[index].lowerBound
    }

    /// The place behind the last letter that is spoken for the same stretch of the original as the one before `index`.
    package func endOfToken(_ index: Int) -> Int {
        var end = index
        while isWithinToken(end) { end += 1 }
        while end > index, !scalars[end - 1].isWordPart { end -= 1 }
        return end
    }

    mutating func append(_ scalar: Unicode.Scalar, _ origin: Range<Int>) {
        scalars.append(scalar)
        origins.append(origin)
    }

    /// Adds words that all stand for the same stretch of the original.
    mutating func append(_ words: String, _ origin: Range<Int>) {
        for scalar in words.unicodeScalars { append(scalar, origin) }
    }

    mutating func append(_ other: MappedText, _ range: Range<Int>) {
        scalars.append(contentsOf: other.scalars[range])
        origins.append(contentsOf: other.origins[range])
    }

    mutating func append(_ other: MappedText) {
        append(other, 0..<other.count)
    }

    mutating func removeLast(_ number: Int) {
        scalars.removeLast(number)
        origins.removeLast(number)
    }

    /// A stretch of the text with its origins.
    package func slice(_ range: Range<Int>) -> MappedText {
        var slice = MappedText()
        slice.append(self, range)
        return slice
    }

    /// The same text as a part of a longer original.
    package func moved(by distance: Int) -> MappedText {
        guard distance != 0 else { return self }
        var moved = self
        moved.origins = origins.map { $0.lowerBound + distance..<$0.upperBound + distance }
        return moved
    }

    /// The text without white space at its ends.
    func trimmed() -> MappedText {
        guard let first = scalars.firstIndex(where: { !$0.isSpace }),
            let last = scalars.lastIndex(where: { !$0.isSpace })
        else { return MappedText() }
        return first == 0 && last == count - 1 ? self : slice(first..<last + 1)
    }
}
