/// Numbers of versions: `v1.2`, `1.2.3`, `2.0.0-beta.1`.
enum Version {
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        let isNamed = (text[index] == "v" || text[index] == "V") && text[index + 1].isDigit
        var end = isNamed ? index + 1 : index
        var parts: [String] = []
        while let part = text.number(at: end, digits: 1...6) {
            parts.append(EnglishNumber.cardinal(part.value))
            end = part.end
            guard text[end] == ".", text[end + 1].isDigit, parts.count < 6 else { break }
            end += 1
        }
        guard parts.count >= (isNamed ? 1 : 3) else { return nil }
        var words = (isNamed ? "version " : "") + parts.joined(separator: " point ")
        if text[end] == "-", text[end + 1].isLower, let suffix = suffix(text, end + 1) {
            words += " " + suffix.words
            end = suffix.end
        }
        if text[end] == "+", text[end + 1].isLetter, let build = suffix(text, end + 1) {
            words += " plus " + build.words
            end = build.end
        }
        return text.isWordEnd(end) ? Reading(words, to: end) : nil
    }

    /// `beta.1`, `rc2`.
    private static func suffix(_ text: TextWindow, _ index: Int) -> Reading? {
        let name = text.letters(at: index)
        var end = index + name.unicodeScalars.count
        let digits = text[end] == "." ? end + 1 : end
        guard let number = text.number(at: digits, digits: 1...3) else { return Reading(name, to: end) }
        end = number.end
        return Reading(name + " " + EnglishNumber.cardinal(number.value), to: end)
    }
}
