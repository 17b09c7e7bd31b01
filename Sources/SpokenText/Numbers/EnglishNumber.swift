/// Numbers in English words.
enum EnglishNumber {
    /// Larger numbers are read digit by digit: nobody follows the words beyond a quintillion.
    static let limit: UInt64 = 1_000_000_000_000_000_000

    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let scales = ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"]

    /// - Parameter number: Up to ten to the eighteenth.
    static func cardinal(_ number: UInt64) -> String {
        guard number > 0 else { return small[0] }
        var rest = number
        var groups: [String] = []
        for scale in scales where rest > 0 {
            let group = Int(rest % 1_000)
            rest /= 1_000
            if group > 0 { groups.append(scale.isEmpty ? belowThousand(group) : belowThousand(group) + " " + scale) }
        }
        return groups.reversed().joined(separator: " ")
    }

    static func cardinal(_ number: Int) -> String {
        number < 0 ? "minus " + cardinal(number.magnitude.wide) : cardinal(number.magnitude.wide)
    }

    private static func belowThousand(_ number: Int) -> String {
        if number < 100 { return belowHundred(number) }
        let hundreds = small[number / 100] + " hundred"
        return number % 100 == 0 ? hundreds : hundreds + " " + belowHundred(number % 100)
    }

    private static func belowHundred(_ number: Int) -> String {
        if number < 20 { return small[number] }
        return number % 10 == 0 ? tens[number / 10] : tens[number / 10] + "-" + small[number % 10]
    }

    static func ordinal(_ number: UInt64) -> String {
        let words = cardinal(number)
        let cut = words.lastIndex { $0 == " " || $0 == "-" }.map { words.index(after: $0) } ?? words.startIndex
        let last = String(words[cut...])
        return words[..<cut] + (irregular[last] ?? (last.hasSuffix("y") ? last.dropLast() + "ieth" : last + "th"))
    }

    private static let irregular = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    /// One word for each digit.
    static func digits(_ digits: some Sequence<Unicode.Scalar>) -> String {
        digits.filter(\.isDigit).map { small[Int($0.value) - 0x30] }.joined(separator: " ")
    }

    /// As years are said: 1984, 1900, 1905, 2000, 2007, 2026.
    static func year(_ year: Int) -> String {
        let (century, rest) = (year / 100, year % 100)
        guard (1_000...9_999).contains(year), century % 10 != 0 || rest >= 10 else { return cardinal(year) }
        if rest == 0 { return cardinal(century) + " hundred" }
        return cardinal(century) + (rest < 10 ? " oh " : " ") + cardinal(rest)
    }

    /// The plural of a number's last word: nineties, hundreds, thousands.
    static func plural(_ words: String) -> String {
        words.hasSuffix("y") ? words.dropLast() + "ies" : words.hasSuffix("x") ? words + "es" : words + "s"
    }
}

extension UInt {
    fileprivate var wide: UInt64 { UInt64(self) }
}
