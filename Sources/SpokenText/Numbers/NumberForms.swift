/// Numbers that are written in a form of their own: ordinals, fractions, ranges, decades, years, sizes.
enum NumberForms {
    /// `1st`, `22nd`.
    static func ordinal(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let number = NumberLiteral(text, at: index, hasSign: false), number.isWhole,
            let value = number.wholeNumber,
            value <= EnglishNumber.limit, text.isWordEnd(number.end + 2),
            ["st", "nd", "rd", "th"].contains(where: { text.has($0, at: number.end, ignoringCase: true) })
        else { return nil }
        return Reading(EnglishNumber.ordinal(value), to: number.end + 2)
    }

    /// `1990s`, `'90s`.
    static func decade(_ text: TextWindow, _ index: Int) -> Reading? {
        let start = text[index] == "'" || text[index] == "’" ? index + 1 : index
        guard let number = text.number(at: start, digits: 2...4), number.value % 10 == 0, text[number.end] == "s",
            text.isWordEnd(number.end + 1)
        else { return nil }
        switch number.end - start {
        case 4: return Reading(EnglishNumber.plural(EnglishNumber.year(number.value)), to: number.end + 1)
        case 2 where number.value >= 20:
            return Reading(EnglishNumber.plural(EnglishNumber.cardinal(number.value)), to: number.end + 1)
        default: return nil
        }
    }

    /// `1/2`, `3/4`, and `118/120` for so many out of so many.
    static func fraction(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let top = text.number(at: index, digits: 1...4), text[top.end] == "/",
            let bottom = text.number(at: top.end + 1, digits: 1...4), text.isWordEnd(bottom.end),
            text[bottom.end] != "/", text[index - 1] != "/", bottom.value > 0
        else { return nil }
        let isBracketed =
            text[index - 1] == "[" && text[bottom.end] == "]" || text[index - 1] == "(" && text[bottom.end] == ")"
        if isBracketed || stepWords.contains(text.wordBefore(index)), top.value <= bottom.value {
            return Reading(
                EnglishNumber.cardinal(top.value) + " of " + EnglishNumber.cardinal(bottom.value), to: bottom.end)
        }
        if let saying = sayings[[top.value, bottom.value]] { return Reading(saying, to: bottom.end) }
        return Reading(words(of: top.value, over: bottom.value), to: bottom.end)
    }

    /// Words behind which `3/10` is the third of ten.
    private static let stepWords: Set<String> = [
        "step", "epoch", "day", "page", "task", "phase", "chunk", "batch", "attempt", "retry", "shard", "slide",
        "round",
        "iteration", "item", "stage", "question", "file", "try", "job", "week", "layer", "message", "run", "test",
    ]

    private static let sayings = [[24, 7]: "twenty-four seven", [9, 11]: "nine eleven", [50, 50]: "fifty fifty"]

    /// Denominators that are said as parts; others count what there is.
    private static let parts: Set<Int> = [2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 32, 64, 100]

    private static func words(of top: Int, over bottom: Int) -> String {
        part(of: top, over: bottom) ?? EnglishNumber.cardinal(top) + " out of " + EnglishNumber.cardinal(bottom)
    }

    /// `three quarters`; nil where it is no part of something whole.
    static func part(of top: Int, over bottom: Int) -> String? {
        guard top > 0, top < bottom, parts.contains(bottom), isReduced(top, bottom) else { return nil }
        let part = bottom == 2 ? "half" : bottom == 4 ? "quarter" : EnglishNumber.ordinal(UInt64(bottom))
        return EnglishNumber.cardinal(top) + " " + part + (top == 1 ? "" : "s")
    }

    private static func isReduced(_ top: Int, _ bottom: Int) -> Bool {
        var (larger, smaller) = (bottom, top)
        while smaller > 0 { (larger, smaller) = (smaller, larger % smaller) }
        return larger == 1
    }

    /// `5–10`, `1990–2000`; a hyphen does too where the second number is larger.
    static func range(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let low = NumberLiteral(text, at: index, hasSign: false), low.exponent == nil else { return nil }
        if let measured = measuredRange(text, low) { return measured }
        let dash = text[low.end]
        guard dash == "-" || dash == "–", text[low.end + 1].isDigit,
            let high = NumberLiteral(text, at: low.end + 1, hasSign: false), text[high.end] != "-", high.exponent == nil
        else { return nil }
        if dash == "-" {
            guard low.value < high.value, low.whole.count <= 4, high.whole.count <= 4, text[index - 1] != "-",
                low.whole.first != "0"
            else { return nil }
        }
        if isYear(low), isYear(high), text.isWordEnd(high.end), let first = low.wholeNumber, let last = high.wholeNumber
        {
            return Reading(EnglishNumber.year(Int(first)) + " to " + EnglishNumber.year(Int(last)), to: high.end)
        }
        if text[high.end] == "x", text.isWordEnd(high.end + 1) {
            return Reading(low.words + " to " + high.words + " times", to: high.end + 1)
        }
        guard let second = Quantity.read(text, high) else { return nil }
        return Reading(low.words + " to " + second.words, to: second.end)
    }

    /// `10%–20%`, `50k-100k`: both with the same sign behind them.
    private static func measuredRange(_ text: TextWindow, _ low: NumberLiteral) -> Reading? {
        let signEnd = text.end(from: low.end, limit: 4) { $0.isLetter || $0 == "%" || $0 == "°" }
        if text[low.end] == "x", signEnd == low.end + 1, text[signEnd] == "-" || text[signEnd] == "–",
            let high = NumberLiteral(text, at: signEnd + 1, hasSign: false), text[high.end] == "x",
            text.isWordEnd(high.end + 1)
        {
            return Reading(low.words + " to " + high.words + " times", to: high.end + 1)
        }
        guard signEnd > low.end, text[signEnd] == "-" || text[signEnd] == "–",
            let high = NumberLiteral(text, at: signEnd + 1, hasSign: false), low.value < high.value,
            text.has(text.string(low.end..<signEnd), at: high.end),
            let first = Quantity.read(text, low), first.end == signEnd, let second = Quantity.read(text, high),
            text.isWordEnd(second.end)
        else { return nil }
        return Reading(first.words + " to " + second.words, to: second.end)
    }

    private static func isYear(_ number: NumberLiteral) -> Bool {
        number.isWhole && number.whole.count == 4 && (1_100...2_099).contains(number.wholeNumber ?? 0)
    }

    /// A number of four digits behind a word that years follow.
    static func year(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let number = text.number(at: index, digits: 4...4), text.isWordEnd(number.end),
            (1_100...2_099).contains(number.value), text[number.end] != "." || !text[number.end + 1].isDigit,
            text[number.end] != ",", isBehindYearWord(text, index) || text[index - 1] == "(" && text[number.end] == ")"
        else { return nil }
        return Reading(EnglishNumber.year(number.value), to: number.end)
    }

    private static func isBehindYearWord(_ text: TextWindow, _ index: Int) -> Bool {
        let word = text.wordBefore(index)
        if yearWords.contains(word) || isBehindQuarter(text, index) { return true }
        guard ["to", "and", "or", "through"].contains(word) else { return text[index - 2] == "©" }
        let before = index - word.unicodeScalars.count - 2
        return text.number(at: before - 4, digits: 4...4)?.end == before && text.isWordStart(before - 4)
    }

    /// `Q3 2024`, `H1 2025`.
    private static func isBehindQuarter(_ text: TextWindow, _ index: Int) -> Bool {
        guard text[index - 1].isSpace, text.isWordStart(index - 3), let part = text.number(at: index - 2, digits: 1...1)
        else { return false }
        return text[index - 3] == "Q" && (1...4).contains(part.value)
            || text[index - 3] == "H" && (1...2).contains(part.value)
    }

    private static let yearWords: Set<String> = [
        "in", "since", "until", "till", "before", "after", "during", "year", "circa", "spring", "summer", "autumn",
        "fall", "winter", "early", "late", "mid", "from", "copyright", "around",
    ]

    /// `1920x1080`, `3 × 4`, `10 x 10 cm`, and `2x` for so many times.
    static func size(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let first = NumberLiteral(text, at: index, hasSign: false), first.exponent == nil else { return nil }
        let spaced = text.skipSpace(first.end)
        let isSpaced = spaced > first.end && text[spaced] == "x" && text[spaced + 1] == " "
        let place = text[spaced] == "×" || isSpaced ? spaced : first.end
        guard text[place] == "x" || text[place] == "×" else { return nil }
        let next = text[place] == "×" || isSpaced ? text.skipSpace(place + 1) : place + 1
        if let second = NumberLiteral(text, at: next, hasSign: false), let measured = Quantity.read(text, second),
            text.isWordEnd(measured.end) || place == spaced
        {
            let isProduct = text[text.skipSpace(measured.end)] == "="
            return Reading(first.words + (isProduct ? " times " : " by ") + measured.words, to: measured.end)
        }
        guard place == first.end, text.isWordEnd(place + 1) else { return nil }
        return Reading(first.words + " times", to: place + 1)
    }

    /// A run of digits that nobody would listen to.
    static func longDigits(_ text: TextWindow, _ index: Int) -> Reading? {
        let end = text.endOfDigits(index, limit: .max - index)
        guard end - index > NumberLiteral.digitLimit else { return nil }
        return Reading("a number of " + EnglishNumber.cardinal(end - index) + " digits", to: end)
    }
}
