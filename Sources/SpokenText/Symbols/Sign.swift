/// Signs that are neither letters nor digits.
enum Sign {
    /// A run of more than this is decoration.
    private static let decorationCount = 3

    /// How the sign at a place is spoken; nil to leave it to the engine as it stands.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        let sign = text[index]
        if repeats.contains(sign), text[index + 1] == sign, !text.has("-->", at: index), let run = run(text, index) {
            return run
        }
        if let (words, length) = pairs(text, index) { return Reading(words, to: index + length) }
        if let words = always[sign] { return Reading(words, to: index + 1) }
        return depending(text, index)
    }

    private static let repeats: Set<Unicode.Scalar> = [
        "!", "?", ".", ",", "-", "=", "*", "_", "~", "#", "+", "/", "\\", "|", "·", "•", "─", "━", "═", "<", ">", "^",
        "&",
        "%", "$", "@", ";", ":", "–", "—", "…", "(", ")", "[", "]", "{", "}", "\"", "'",
    ]

    /// Repeated signs: one mark of a sentence stands for many, the rest is decoration.
    private static func run(_ text: TextWindow, _ index: Int) -> Reading? {
        let sign = text[index]
        let end = text.end(from: index, limit: .max - index) { $0 == sign }
        switch sign {
        case "!", "?", ",", ";": return Reading(String(sign), to: end)
        case ".": return end - index == 2 ? nil : Reading("...", to: end)
        case "…": return Reading("…", to: end)
        case "-" where end - index == 2:
            if text[end].isLetter, !text[index - 1].isWordPart { return Reading("dash dash ", to: end) }
            return Reading(" –", to: end)
        default: return end - index >= decorationCount ? Reading("", to: end) : nil
        }
    }

    /// Signs of two.
    private static func pairs(_ text: TextWindow, _ index: Int) -> (words: String, length: Int)? {
        switch (text[index], text[index + 1]) {
        case ("-", "-") where text[index + 2] == ">":
            (text[index - 1].isWordPart || text[index - 2].isWordPart ? " to " : "", 3)
        case ("=", "=") where text[index + 2] == ">": ("", 3)
        case ("<", "=") where text[index + 2] == "=": ("", 3)
        case ("#", "!") where text[index + 2] == "/": ("", 2)
        case ("#", "i") where text.has("#include", at: index): ("", 1)
        case ("-", ">"), ("=", ">"): (" to ", 2)
        case ("<", "-") where text[index + 2] == " ": (" from ", 2)
        case ("<", "="): (" less than or equal to ", 2)
        case (">", "="): (" greater than or equal to ", 2)
        case ("!", "="): (" not equal to ", text[index + 2] == "=" ? 3 : 2)
        case ("=", "="): (" equals ", text[index + 2] == "=" ? 3 : 2)
        case ("&", "&"): (" and ", 2)
        case ("|", "|"): (" or ", 2)
        case (":", ":"): (" ", 2)
        case ("+", "+") where text[index - 1].isUpper: (" plus plus", 2)
        case ("(", ")"), ("@", "@"): ("", 2)
        case (":", ")") where !text[index - 1].isWordPart: ("", 2)
        default: nil
        }
    }

    private static let always: [Unicode.Scalar: String] = [
        "→": " to ", "⇒": " implies ", "←": " from ", "↔": " to and from ", "⟶": " to ", "➜": " to ", "➡": " to ",
        "↑": " up ", "↓": " down ", "≤": " less than or equal to ", "≥": " greater than or equal to ",
        "≠": " not equal to ", "≈": " about ", "±": " plus or minus ", "×": " times ", "÷": " divided by ",
        "∞": "infinity", "√": "square root of ", "∑": "sum of ", "∈": " in ", "∀": "for all ", "∃": "there exists ",
        "∧": " and ", "∨": " or ", "¬": "not ", "∅": "the empty set", "∩": " intersected with ", "∪": " union ",
        "©": "copyright ", "®": "", "™": "", "°": " degrees", "§": "section ", "¶": "paragraph ", "№": "number ",
        "†": "", "‡": "", "•": ",", "·": " ", "‣": ",", "▪": ",", "■": "", "□": "", "●": ",", "○": ",", "|": ",",
        "¦": ",", "`": "", "\\": " ", "\u{AD}": "", "\u{200B}": "", "\u{FEFF}": "", "\u{200D}": "",
        "²": " squared", "³": " cubed", "½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third",
        "⅔": "two thirds", "⅛": "one eighth", "⅕": "one fifth", "€": "euros", "£": "pounds", "✓": "check", "✗": "cross",
        "✘": "cross", "★": "star", "☆": "star", "♪": "", "♫": "", "\u{FE0E}": "", "\u{FE0F}": "", "\u{20E3}": "",
        "µ": "micro", "‰": " per mille", "_": " ", "{": "", "}": "", "[": "", "]": "",
    ].reduce(into: [:]) { names, pair in
        if let sign = pair.key.unicodeScalars.first { names[sign] = pair.value }
    }

    /// Signs whose meaning lies in their neighbours.
    private static func depending(_ text: TextWindow, _ index: Int) -> Reading? {
        let (before, after) = (text[index - 1], text[index + 1])
        let isBetweenSpaces = before.isSpace && after.isSpace
        let isBetweenWords = before.isWordPart && after.isWordPart
        switch text[index] {
        // `&str`, `&mut self`: a reference, not a conjunction.
        case "&" where (before.isSpace || before == "(" || index == 0) && after.isLower:
            return Reading(" ", to: index + 1)
        case "&": return Reading(" and ", to: index + 1)
        case "@": return Reading(after.isWordPart ? " at " : " at", to: index + 1)
        case "%": return Reading(" percent", to: index + 1)
        case "#": return hash(text, index)
        case "+" where isMoney(text, index + 1): return Reading("plus ", to: index + 1)
        case "+" where before == "(" && after == ")": return Reading(" plus", to: index + 1)
        case "+" where before.isSpace && after.isLetter: return Reading("plus ", to: index + 1)
        case "+" where isBetweenSpaces || after.isDigit || isBetweenWords: return Reading(" plus ", to: index + 1)
        case "=" where isBetweenSpaces || before.isWordPart: return Reading(" equals ", to: index + 1)
        case "<" where isBetweenSpaces || after.isDigit: return Reading(" less than ", to: index + 1)
        case ">" where isBetweenSpaces || after.isDigit: return Reading(" greater than ", to: index + 1)
        case "^":
            let isPower = before.isWordPart || before == ")"
            return Reading(isPower ? " to the power of " : after.isWordPart ? "caret " : " ", to: index + 1)
        case "~" where before.isWordPart && after.isWordPart: return Reading(" tilde ", to: index + 1)
        case "~" where after.isDigit || isMoney(text, index + 1):
            return Reading("about ", to: index + 1)
        case "*" where isBetweenSpaces || before.isDigit && after.isDigit: return Reading(" times ", to: index + 1)
        case "*" where after == "." && text[index + 2].isLetter: return Reading("star dot ", to: index + 2)
        case "/":
            let span = before.isLetter ? Per.span(text, index) : nil
            return span ?? Reading(" ", to: index + 1)
        case ".": return point(text, index)
        case "-": return hyphen(text, index)
        case "<", ">", "~", "*", "+", "=", "$": return Reading(" ", to: index + 1)
        default: return nil
        }
    }

    private static func isMoney(_ text: TextWindow, _ index: Int) -> Bool {
        text[index].properties.generalCategory == .currencySymbol && text[index + 1].isDigit
    }

    /// `#topic`, `#42`, `C#`.
    private static func hash(_ text: TextWindow, _ index: Int) -> Reading? {
        if text[index - 1].isUpper, text.isWordStart(index - 1) { return Reading(" sharp", to: index + 1) }
        if let color = color(text, index) { return color }
        if text[index + 1].isDigit { return Reading("number ", to: index + 1) }
        return Reading(text[index + 1].isLetter ? "hashtag " : " ", to: index + 1)
    }

    /// `#1a2b3c`, `#fff`: a color of six or three digits, where it can be nothing else.
    private static func color(_ text: TextWindow, _ index: Int) -> Reading? {
        let end = text.end(from: index + 1, limit: 9) { $0.isHexDigit }
        let digits = text[index + 1..<end]
        guard [3, 6, 8].contains(digits.count), text.isWordEnd(end), digits.contains(where: \.isLetter),
            digits.contains(where: \.isDigit) || Set(digits).count == 1
        else { return nil }
        return Reading("color " + Spelling.words(digits), to: end)
    }

    /// A stop inside a name, as in `request.text`, or before the digits of `.5`.
    private static func point(_ text: TextWindow, _ index: Int) -> Reading? {
        let (before, after) = (text[index - 1], text[index + 1])
        if before.isWordPart, after.isLetter, after.isLower || before.isDigit { return Reading(" dot ", to: index + 1) }
        if before == ")" || before == "]", after.isLower { return Reading(" dot ", to: index + 1) }
        if isInsideName(text, index) { return Reading(" dot ", to: index + 1) }
        if before.isDigit, after.isDigit { return Reading(" point ", to: index + 1) }
        if before.isUpper, after.isDigit { return Reading(" dot ", to: index + 1) }
        if !before.isWordPart, after.isDigit { return Reading("point ", to: index + 1) }
        return nil
    }

    /// `java.lang.String`, `MyClass.Inner(`: a stop that no space follows, in a row of names or before a call.
    private static func isInsideName(_ text: TextWindow, _ index: Int) -> Bool {
        guard text[index - 1].isWordPart, text[index + 1].isUpper else { return false }
        var start = index
        while start > 0, index - start < TextWindow.wordLimit, text[start - 1].isWordPart || text[start - 1] == "_" {
            start -= 1
        }
        let end = text.endOfWord(index + 1)
        return text[start - 1] == "." && text[start - 2].isWordPart || text[end] == "("
            || text[end] == "." && text[end + 1].isWordPart
    }

    /// `-v`: an option, `978-3`: a number in parts; other hyphens join words.
    private static func hyphen(_ text: TextWindow, _ index: Int) -> Reading? {
        if text[index - 1].isDigit, text[index + 1].isDigit { return Reading(" dash ", to: index + 1) }
        guard !text[index - 1].isWordPart, text[index - 1] != "-", text[index + 1].isLetter,
            text[index - 1].isSpace || index == 0
        else { return nil }
        return Reading("dash ", to: index + 1)
    }
}
