/// Numbers that are names: `4K`, `1080p60`, `RFC 6455`, `i7-13700K`, `H.264`.
enum ModelNumber {
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        resolution(text, index) ?? lines(text, index) ?? numbered(text, index) ?? processor(text, index)
    }

    /// `4K`: what a picture of so many thousand columns is called.
    private static func resolution(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let number = text.number(at: index, digits: 1...1), [2, 4, 5, 6, 8].contains(number.value),
            text[number.end] == "K", text.isWordEnd(number.end + 1), text[index - 1] != ".", text[index - 1] != ",",
            text[index - 1] != "-", text[index - 1] != "–", text[number.end + 1] != "-", text[number.end + 1] != "–"
        else { return nil }
        return Reading(EnglishNumber.cardinal(number.value) + " K", to: number.end + 1)
    }

    /// `1080p`, `720p60`, `1080i`: lines of a picture, and pictures a second.
    private static func lines(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let number = text.number(at: index, digits: 3...4), heights.contains(number.value),
            text[number.end] == "p" || text[number.end] == "i"
        else { return nil }
        let rate = text.number(at: number.end + 1, digits: 2...3)
        let end = rate?.end ?? number.end + 1
        guard text.isWordEnd(end) else { return nil }
        let letter = text[number.end] == "p" ? " P" : " I"
        return Reading(
            pairs(number.value) + letter + (rate.map { " " + EnglishNumber.cardinal($0.value) } ?? ""), to: end)
    }

    private static let heights: Set<Int> = [144, 240, 360, 480, 540, 576, 720, 900, 1_080, 1_440, 2_160, 4_320]

    /// `RFC 6455`, `ISO-8601`, `RTX 4090`, `H.264`.
    private static func numbered(_ text: TextWindow, _ index: Int) -> Reading? {
        if text[index - 1] == ".", text[index - 2] == "H", text.isWordStart(index - 2),
            let number = text.number(at: index, digits: 3...3), text.isWordEnd(number.end)
        {
            return Reading(EnglishNumber.digits(text.scalars[index..<number.end]), to: number.end)
        }
        guard text[index - 1] == " " || text[index - 1] == "-", let number = text.number(at: index, digits: 4...4),
            text.isWordEnd(number.end), named.contains(name(text, before: index - 1))
        else { return nil }
        return Reading(pairs(number.value), to: number.end)
    }

    private static let named: Set<String> = ["RFC", "ISO", "IEC", "RTX", "GTX", "RX", "EN", "DIN"]

    private static func name(_ text: TextWindow, before end: Int) -> String {
        var start = end
        while start > 0, end - start < 5, text[start - 1].isLetter { start -= 1 }
        return text.string(start..<end)
    }

    /// `i7-13700K`: the letter behind the number of a processor counts nothing.
    private static func processor(_ text: TextWindow, _ index: Int) -> Reading? {
        guard text[index - 1] == "-", text[index - 2].isWordPart, let number = text.number(at: index, digits: 4...5),
            let end = Optional(text.end(from: number.end, limit: 3) { $0.isUpper }), end > number.end,
            text.isWordEnd(end)
        else { return nil }
        let thousands = number.end - index == 5 ? EnglishNumber.cardinal(number.value / 1_000) + " " : ""
        let rest = number.end - index == 5 ? hundreds(number.value % 1_000) : pairs(number.value)
        return Reading(" " + thousands + rest + " " + Spelling.words(text[number.end..<end]), to: end)
    }

    private static func hundreds(_ number: Int) -> String {
        number % 100 == 0 ? EnglishNumber.cardinal(number) : EnglishNumber.digits(digits(number))
    }

    private static func digits(_ number: Int) -> [Unicode.Scalar] {
        Array(String(1_000 + number).unicodeScalars.dropFirst())
    }

    /// 1080 as “ten eighty”, 720 as “seven twenty”, 8601 as “eighty-six oh one”, 2000 as “two thousand”.
    private static func pairs(_ number: Int) -> String {
        let (high, low) = (number / 100, number % 100)
        if low == 0 {
            return high % 10 == 0 ? EnglishNumber.cardinal(number) : EnglishNumber.cardinal(high) + " hundred"
        }
        return EnglishNumber.cardinal(high) + (low < 10 ? " oh " : " ") + EnglishNumber.cardinal(low)
    }
}
