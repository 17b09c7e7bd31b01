/// A number as it is written: `1,234.50`, `-3`, `6.02e23`.
struct NumberLiteral: Hashable, Sendable {
    /// Longer runs of digits are counted, not read.
    static let digitLimit = 40

    var isNegative = false
    /// The digits before the point, without separators.
    var whole: [Unicode.Scalar]
    /// The digits behind the point.
    var fraction: [Unicode.Scalar] = []
    var exponent: Int?
    /// The place behind it.
    var end: Int

    /// - Parameter hasSign: Whether a minus may stand before it.
    init?(_ text: TextWindow, at start: Int, hasSign: Bool = true) {
        var index = start
        if hasSign, text[index] == "-" || text[index] == "−", text[index + 1].isDigit {
            isNegative = true
            index += 1
        }
        let first = text.endOfDigits(index, limit: Self.digitLimit)
        guard first > index, !text[first].isDigit else { return nil }
        whole = Array(text.scalars[index..<first])
        end = first
        readGroups(text)
        readSpacedGroups(text)
        if text[end] == ".", text[end + 1].isDigit {
            let fractionEnd = text.endOfDigits(end + 1, limit: Self.digitLimit)
            if !text[fractionEnd].isDigit {
                fraction = Array(text.scalars[end + 1..<fractionEnd])
                end = fractionEnd
            }
        }
        readExponent(text)
    }

    /// `,123` again and again, after at most three digits; the same with `_`, `’` and thin spaces.
    private mutating func readGroups(_ text: TextWindow) {
        guard whole.count <= 3, whole.first != "0", Self.separators.contains(text[end]) else { return }
        let separator = text[end]
        while text[end] == separator, text.endOfDigits(end + 1, limit: 4) == end + 4, whole.count < Self.digitLimit {
            whole += text.scalars[end + 1..<end + 4]
            end += 4
        }
    }

    /// `10 000`, `1 500 000`: with spaces only where it ends in thousands, since other numbers stand in rows too.
    private mutating func readSpacedGroups(_ text: TextWindow) {
        guard whole.count <= 3, whole.first != "0" else { return }
        var last = end
        while text[last] == " " || text[last] == "\u{A0}", text.endOfDigits(last + 1, limit: 4) == last + 4 {
            last += 4
        }
        guard last > end, text.has("000", at: last - 3), text.isWordEnd(last),
            text[last] != " " || !text[last + 1].isDigit
        else { return }
        whole = text.scalars[end - whole.count..<last].filter(\.isDigit)
        end = last
    }

    private static let separators: Set<Unicode.Scalar> = [",", "_", "’", "'", "\u{202F}", "\u{2009}"]

    private mutating func readExponent(_ text: TextWindow) {
        guard text[end] == "e" || text[end] == "E" else { return }
        let isNegative = text[end + 1] == "-" || text[end + 1] == "−"
        let digits = isNegative || text[end + 1] == "+" ? end + 2 : end + 1
        guard let number = text.number(at: digits, digits: 1...3), text.isWordEnd(number.end) else { return }
        exponent = isNegative ? -number.value : number.value
        end = number.end
    }

    /// Nil beyond 64 bits.
    var wholeNumber: UInt64? {
        // The largest number of 19 digits fits into 64 bits.
        guard whole.count <= 19 else { return nil }
        return whole.reduce(into: UInt64(0)) { $0 = $0 * 10 + UInt64($1.value - 0x30) }
    }

    var value: Double {
        let text = whole + ["."] + (fraction.isEmpty ? ["0"] : fraction)
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text)
        return (Double(String(view)) ?? 0) * (isNegative ? -1 : 1)
    }

    /// Whether it is written as exactly 1, so that its noun has no plural.
    var isOne: Bool { whole == ["1"] && fraction.isEmpty && exponent == nil }

    var isWhole: Bool { fraction.isEmpty && exponent == nil }

    /// The number in words.
    var words: String {
        var words = isNegative ? "minus " : ""
        words += wholeWords
        if !fraction.isEmpty { words += " point " + EnglishNumber.digits(fraction) }
        if let exponent { words += " times ten to the power of " + EnglishNumber.cardinal(exponent) }
        return words
    }

    private var wholeWords: String {
        let hasLeadingZero = whole.count > 1 && whole.first == "0"
        guard !hasLeadingZero, let number = wholeNumber, number <= EnglishNumber.limit else {
            return EnglishNumber.digits(whole)
        }
        return EnglishNumber.cardinal(number)
    }
}
