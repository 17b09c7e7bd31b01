/// Operators of programs: `i += 1`, `i++`, `a === b`, `1..10`.
enum Operator {
    /// - Returns: nil where the sign means something else.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        if text[index] == ".", let range = range(text, index) { return range }
        if text[index] == "/", isBetween(text, index, \.isDigit) { return Reading(" divided by ", to: index + 1) }
        if text[index] == "/", isBehindDecimal(text, index) { return Reading(" of ", to: index + 1) }
        if text[index] == "-", text[index + 1].isDigit, text.has("UTC", at: index - 3) || text.has("GMT", at: index - 3)
        {
            return Reading(" minus ", to: index + 1)
        }
        if text[index] == "*", isColumns(text, index) { return Reading(" star ", to: index + 1) }
        return changed(text, index) ?? counted(text, index) ?? compared(text, index)
    }

    /// `i += 1`: the operator's sign, and equals.
    private static func changed(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let name = names[text[index]], text[index + 1] == "=", text[index + 2] != "=",
            text[index + 2].isSpace || text[index + 2].isWordPart, isBehindOperand(text, index)
        else { return nil }
        return Reading(" " + name + " equals ", to: index + 2)
    }

    private static let names: [Unicode.Scalar: String] = [
        "+": "plus", "-": "minus", "*": "times", "/": "divided by", "%": "modulo", "&": "and", "|": "or", "^": "xor",
    ]

    /// `i++`, `--n`; `C++` keeps its name.
    private static func counted(_ text: TextWindow, _ index: Int) -> Reading? {
        let sign = text[index]
        guard sign == "+" || sign == "-", text[index + 1] == sign, text[index + 2] != sign else { return nil }
        let word = sign == "+" ? "plus plus" : "minus minus"
        if text[index - 1].isWordPart || text[index - 1] == "]" {
            guard sign == "+" || !text[index + 2].isWordPart else { return nil }
            return Reading(" " + word, to: index + 2)
        }
        // An option begins with two hyphens, too.
        guard sign == "+", text[index + 2].isLetter else { return nil }
        return Reading(word + " ", to: index + 2)
    }

    private static func compared(_ text: TextWindow, _ index: Int) -> Reading? {
        if text.has("===", at: index), text[index + 3] != "=", isBehindOperand(text, index) {
            return Reading(" equals ", to: index + 3)
        }
        if text.has("|>", at: index), text[index - 1].isSpace { return Reading(" pipe ", to: index + 2) }
        // `!done`; behind a word it is the end of a sentence.
        if text[index] == "!", text[index + 1].isLower, !text[index - 1].isWordPart, !text[index - 1].isClosing {
            return Reading("not ", to: index + 1)
        }
        return nil
    }

    /// `1..10`, `0..<n`, `1...5`.
    private static func range(_ text: TextWindow, _ index: Int) -> Reading? {
        guard text[index - 1].isDigit, text[index + 1] == "." else { return nil }
        var end = text[index + 2] == "." ? index + 3 : index + 2
        let isOpen = text[end] == "<"
        if isOpen || text[end] == "=" { end += 1 }
        guard text[end].isDigit || isOpen && text[end].isLetter else { return nil }
        return Reading(isOpen ? " up to " : " to ", to: end)
    }

    /// `SELECT * FROM`: the star stands for all columns where words around it are shouted.
    private static func isColumns(_ text: TextWindow, _ index: Int) -> Bool {
        isBetween(text, index, \.isUpper) && text[index - 3].isUpper && text[index + 3].isUpper
    }

    /// `1.2/8 GB`: so much of so much.
    private static func isBehindDecimal(_ text: TextWindow, _ index: Int) -> Bool {
        guard text[index + 1].isDigit else { return false }
        var start = index
        while start > 0, index - start < 8, text[start - 1].isDigit { start -= 1 }
        return start < index && text[start - 1] == "." && text[start - 2].isDigit
    }

    /// Whether a space and then such scalars stand on both sides.
    private static func isBetween(_ text: TextWindow, _ index: Int, _ belongs: (Unicode.Scalar) -> Bool) -> Bool {
        text[index - 1] == " " && text[index + 1] == " " && belongs(text[index - 2]) && belongs(text[index + 2])
    }

    private static func isBehindOperand(_ text: TextWindow, _ index: Int) -> Bool {
        let before = text[index - 1].isSpace ? text[index - 2] : text[index - 1]
        return before.isWordPart || before == "]" || before == ")" || before == "_"
    }
}
