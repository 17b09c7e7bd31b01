/// Sums of money.
enum Money {
    /// `$5.20`, `-€3`, `US$1.5M`, `£5–10`.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        let isNegative = text[index] == "-" || text[index] == "−"
        let start = isNegative ? index + 1 : index
        let signEnd = text.end(from: start, limit: 2) { $0.isUpper } + 1
        guard let currency = Currency.signs[text.string(start..<signEnd)] else { return nil }
        return amount(text, text.skipSpace(signEnd), currency, isNegative: isNegative)
    }

    /// `USD 5`, `EUR 3.50`.
    ///
    /// - Parameter word: The letters at `index`.
    static func code(_ text: TextWindow, _ index: Int, _ word: String) -> Reading? {
        guard word.utf8.count == 3, let currency = Currency.codes[word] else { return nil }
        return amount(text, text.skipSpace(index + 3), currency, isNegative: false)
    }

    private static func amount(
        _ text: TextWindow, _ index: Int, _ currency: Currency, isNegative: Bool
    ) -> Reading? {
        guard var number = NumberLiteral(text, at: index, hasSign: !isNegative) else { return nil }
        number.isNegative = number.isNegative || isNegative
        let (scale, end) = Scale.read(text, number.end) ?? ("", number.end)
        if text[end] == "-" || text[end] == "–", let high = upperEnd(text, end + 1) {
            let (highScale, highEnd) = Scale.read(text, high.end) ?? ("", high.end)
            let low = [number.words, scale].filter { !$0.isEmpty }.joined(separator: " ")
            return Reading(low + " to " + words(high, highScale, currency), to: highEnd)
        }
        let suffix = Per.suffix(text, end)
        return Reading(words(number, scale, currency) + suffix.words, to: suffix.end)
    }

    private static func upperEnd(_ text: TextWindow, _ index: Int) -> NumberLiteral? {
        let isSign = Currency.signs[text.string(index..<index + 1)] != nil
        return NumberLiteral(text, at: isSign ? index + 1 : index, hasSign: false)
    }

    /// `5 €`, `5.20 USD`.
    static func behind(_ text: TextWindow, _ number: NumberLiteral, scale: String, _ end: Int) -> Reading? {
        let place = text.skipSpace(end)
        let codeEnd = text.end(from: place, limit: 4) { $0.isUpper }
        if codeEnd == place + 3, text.isWordEnd(codeEnd), let currency = Currency.codes[text.string(place..<codeEnd)] {
            return Reading(words(number, scale, currency), to: codeEnd)
        }
        guard let currency = Currency.signs[text.string(place..<place + 1)], !text[place + 1].isDigit,
            text[place] != "$" || place == end
        else { return nil }
        let suffix = Per.suffix(text, place + 1)
        return Reading(words(number, scale, currency) + suffix.words, to: suffix.end)
    }

    private static func words(_ number: NumberLiteral, _ scale: String, _ currency: Currency) -> String {
        guard scale.isEmpty else { return number.words + " " + scale + " " + currency.many }
        if number.fraction.count == 2, let cent = currency.cent, let cents = currency.cents, number.exponent == nil {
            var parts = number
            parts.fraction = []
            let count = number.fraction.reduce(0) { $0 * 10 + Int($1.value) - 0x30 }
            let small = EnglishNumber.cardinal(count) + " " + (count == 1 ? cent : cents)
            if parts.value == 0, count > 0 { return (number.isNegative ? "minus " : "") + small }
            let large = parts.words + " " + (parts.isOne ? currency.one : currency.many)
            return count == 0 ? large : large + " and " + small
        }
        return number.words + " " + (number.isOne ? currency.one : currency.many)
    }
}
