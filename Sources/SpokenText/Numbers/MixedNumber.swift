/// A whole number with a part behind it: `3 1/2`, `1¼`.
enum MixedNumber {
    /// - Returns: nil where no such part, or a date, follows the number.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let whole = text.number(at: index, digits: 1...3), text[index - 1] != "/" else { return nil }
        guard let part = sign(text, whole.end) ?? written(text, whole.end) else { return nil }
        let words = EnglishNumber.cardinal(whole.value) + " and " + part.words
        let place = text.skipSpace(part.end)
        guard let (unit, end) = Unit.read(text, place, isSpaced: place > part.end) else {
            return Reading(words, to: part.end)
        }
        return Reading(words + " " + unit.many, to: end)
    }

    private static func sign(_ text: TextWindow, _ index: Int) -> Reading? {
        let place = text.skipSpace(index)
        return signs[text[place]].map { Reading($0, to: place + 1) }
    }

    private static let signs: [Unicode.Scalar: String] = [
        "½": "a half", "¼": "a quarter", "¾": "three quarters", "⅓": "a third", "⅔": "two thirds", "⅛": "an eighth",
        "⅕": "a fifth",
    ]

    private static func written(_ text: TextWindow, _ index: Int) -> Reading? {
        let place = text.skipSpace(index)
        guard place > index, let top = text.number(at: place, digits: 1...2), text[top.end] == "/",
            let bottom = text.number(at: top.end + 1, digits: 1...2), text.isWordEnd(bottom.end),
            text[bottom.end] != "/", let words = NumberForms.part(of: top.value, over: bottom.value)
        else { return nil }
        guard top.value == 1 else { return Reading(words, to: bottom.end) }
        let article = bottom.value == 8 ? "an" : "a"
        return Reading(article + words.dropFirst("one".count), to: bottom.end)
    }
}
