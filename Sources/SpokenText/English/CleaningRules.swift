/// What is done for languages whose engines read numbers and signs out themselves.
struct CleaningRules: ReadingRules {
    func reading(_ text: TextWindow, _ index: Int, isHead: Bool) -> Reading? {
        let scalar = text[index]
        if scalar.isWordPart {
            guard text.isWordStart(index) else { return nil }
            return Emoji.read(text, index, isNamed: false) ?? WebAddress.read(text, index, isSpelled: false)
        }
        if let picture = Emoji.read(text, index, isNamed: false) { return picture }
        switch scalar.value {
        case 0xAD, 0x200B, 0xFEFF, 0xFE0E, 0xFE0F: return Reading("", to: index + 1)
        default: return repeated(text, index)
        }
    }

    /// Marks of a sentence once, rulers and the like not at all.
    private func repeated(_ text: TextWindow, _ index: Int) -> Reading? {
        let sign = text[index]
        guard text[index + 1] == sign, sign.isPunctuation else { return nil }
        let end = text.end(from: index, limit: .max - index) { $0 == sign }
        switch sign {
        case "!", "?", ",", ";", "…": return Reading(String(sign), to: end)
        case "=", "-", "_", "*", "~", "#", "─", "━", "═": return end - index > 2 ? Reading("", to: end) : nil
        default: return nil
        }
    }
}
