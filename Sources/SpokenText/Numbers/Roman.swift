/// Roman numerals behind words that make sure they are numerals.
enum Roman {
    /// - Parameter word: The letters at `index`.
    static func read(_ text: TextWindow, _ index: Int, _ word: String) -> Reading? {
        guard word.count <= 8, let value = value(word) else { return nil }
        let end = index + word.count
        guard text.isWordEnd(end), text[end] != "'", text[end] != "’" else { return nil }
        let before = text.wordBefore(index)
        if counted.contains(before) { return Reading(EnglishNumber.cardinal(value), to: end) }
        guard rulers.contains(before), text[index - before.count - 1].isUpper, value > 1 || text[end] != " " else {
            return nil
        }
        return Reading("the " + EnglishNumber.ordinal(UInt64(value)), to: end)
    }

    private static let counted: Set<String> = [
        "chapter", "part", "act", "scene", "volume", "book", "section", "article", "appendix", "phase", "type", "war",
        "title", "level", "class", "bowl", "episode", "stage", "tier", "grade", "figure", "table",
    ]
    private static let rulers: Set<String> = [
        "henry", "louis", "elizabeth", "charles", "george", "william", "edward", "james", "richard", "napoleon", "paul",
        "benedict", "pius", "francis", "catherine", "frederick", "philip", "leo", "gregory", "innocent", "alexander",
        "nicholas", "ivan", "philippe", "ferdinand", "mary", "victor", "john", "felipe",
    ]

    /// The number; nil unless it is written as the Romans' rules want it, so that `IIX` or `MIX` stay words.
    static func value(_ word: String) -> Int? {
        var rest = Substring(word)
        var value = 0
        for (sign, worth) in signs {
            var count = 0
            while rest.hasPrefix(sign), count < (sign.count == 2 || sign == "V" || sign == "L" || sign == "D" ? 1 : 3) {
                rest = rest.dropFirst(sign.count)
                value += worth
                count += 1
            }
        }
        return rest.isEmpty && value > 0 && value < 90 ? value : nil
    }

    private static let signs = [
        ("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1),
    ]
}
