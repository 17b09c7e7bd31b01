/// What SSML's `say-as` makes of its contents.
enum SayAs {
    /// - Parameters:
    ///   - kind: The value of `interpret-as`.
    ///   - format: Of a date, such as `dmy`.
    /// - Returns: nil to read the text as if nothing were said about it.
    static func words(_ text: String, as kind: String, format: String) -> String? {
        let window = TextWindow(text)
        let scalars = window.scalars
        switch kind {
        case "characters", "spell-out", "verbatim": return Spelling.words(scalars[...])
        case "digits": return EnglishNumber.digits(scalars)
        case "telephone": return groups(scalars)
        case "cardinal", "number":
            return NumberLiteral(window, at: 0).flatMap { $0.end == window.count ? $0.words : nil }
        case "ordinal":
            guard let number = NumberLiteral(window, at: 0), number.isWhole, let value = number.wholeNumber,
                value <= EnglishNumber.limit
            else { return nil }
            return EnglishNumber.ordinal(value)
        case "date": return date(window, format)
        case "expletive", "bleep": return "beep"
        default: return nil
        }
    }

    private static func groups(_ scalars: [Unicode.Scalar]) -> String {
        let plus = scalars.first == "+" ? "plus " : ""
        return plus + scalars.split { !$0.isDigit }.map { EnglishNumber.digits($0) }.joined(separator: ", ")
    }

    /// Three numbers in the order of the format; without one, as dates are read anywhere.
    private static func date(_ window: TextWindow, _ format: String) -> String? {
        let numbers = window.scalars.split { !$0.isDigit }.compactMap { Int(SSMLTag.string($0)) }
        guard numbers.count == format.count, Set(format).count == format.count, format.contains("m") else { return nil }
        var parts: [Character: Int] = [:]
        for (letter, number) in zip(format, numbers) { parts[letter] = number }
        guard let month = parts["m"] else { return nil }
        if let day = parts["d"] { return CalendarDate.words(day, month, year: parts["y"]) }
        guard (1...12).contains(month), let year = parts["y"] else { return nil }
        return CalendarDate.months[month - 1] + " " + EnglishNumber.year(year)
    }
}
