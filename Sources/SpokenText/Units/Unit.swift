/// A unit of measure in words.
struct Unit: Hashable, Sendable {
    var one: String
    var many: String

    init(_ one: String, _ many: String? = nil) {
        self.one = one
        self.many = many ?? one + "s"
    }

    /// The unit whose sign stands at a place, such as `km/h` or `m²`.
    ///
    /// - Parameter isSpaced: Whether a space stands before it; some single letters are no units then.
    static func read(_ text: TextWindow, _ index: Int, isSpaced: Bool) -> (unit: Unit, end: Int)? {
        guard var (unit, end) = simple(text, index), !isSpaced || !ambiguous.contains(text.string(index..<end)) else {
            return nil
        }
        if text[end] == "/", let (lower, lowerEnd) = simple(text, end + 1), text.isWordEnd(lowerEnd) {
            unit = Unit(unit.one + " per " + lower.one, unit.many + " per " + lower.one)
            end = lowerEnd
        }
        return text.isWordEnd(end) ? (unit, end) : nil
    }

    private static func simple(_ text: TextWindow, _ index: Int) -> (unit: Unit, end: Int)? {
        let end = text.end(from: index, limit: 6) { $0.isLetter || signs.contains($0) }
        guard end > index, let unit = UnitTable.units[text.string(index..<end)] else { return nil }
        switch text[end] {
        case "²" where UnitTable.lengths.contains(unit.one):
            return (Unit("square " + unit.one, "square " + unit.many), end + 1)
        case "³" where UnitTable.lengths.contains(unit.one):
            return (Unit("cubic " + unit.one, "cubic " + unit.many), end + 1)
        default: return (unit, end)
        }
    }

    private static let signs: Set<Unicode.Scalar> = ["°", "%", "‰", "Ω", "℃", "℉"]

    /// Letters that behind a space are rather a name, an article or a word.
    private static let ambiguous: Set<String> = ["A", "B", "C", "F", "J", "N", "d", "t", "l", "in", "b", "L"]
}
