/// Names of programs: `camelCase`, `snake_case`, `MAX_COUNT`, `run()`.
enum Identifier {
    private static let limit = 128

    /// - Returns: nil for what is read like any other word.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        let end = text.end(from: index, limit: limit) { $0.isWordPart || $0 == "_" }
        guard end > index else { return nil }
        let name = text.scalars[index..<end]
        let hasCall = text[end] == "(" && text[end + 1] == ")"
        guard hasCall || name.contains("_") || hasHump(name) else { return nil }
        return Reading(words(name), to: hasCall ? end + 2 : end)
    }

    private static func hasHump(_ name: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = name.first else { return false }
        var before = first
        for scalar in name.dropFirst() {
            if before.isLower, scalar.isUpper { return true }
            before = scalar
        }
        // `HTTPServer`, but not the plural `URLs`.
        let lower = name.filter(\.isLower).count
        return name.prefix(3).allSatisfy(\.isUpper) && lower > 1
    }

    /// The words that a name consists of.
    static func words(_ name: ArraySlice<Unicode.Scalar>) -> String {
        var words: [String] = []
        for part in name.split(whereSeparator: { $0 == "_" || $0 == "-" }) {
            words += humps(part).map { isShouted(name) ? $0.lowercased() : $0 }
        }
        return words.joined(separator: " ")
    }

    /// `MAX_RETRY_COUNT` consists of words, not of initials.
    private static func isShouted(_ name: ArraySlice<Unicode.Scalar>) -> Bool {
        name.contains("_") && !name.contains(where: \.isLower) && name.count > 6
    }

    private static func humps(_ part: ArraySlice<Unicode.Scalar>) -> [String] {
        let letters = Array(part)
        var text = String.UnicodeScalarView()
        text.append(contentsOf: part)
        if whole.contains(String(text)) { return [String(text)] }
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for (index, scalar) in letters.enumerated() {
            if index > 0, scalar.isUpper, !word.isEmpty {
                let startsWord = index + 1 < letters.count && letters[index + 1].isLower && index + 2 != letters.count
                if letters[index - 1].isLower || letters[index - 1].isDigit || startsWord {
                    words.append(String(word))
                    word = String.UnicodeScalarView()
                }
            }
            word.append(scalar)
        }
        return words + [String(word)]
    }

    /// Names that are one word in spite of their capitals.
    private static let whole: Set<String> = ["McDonald", "MacDonald", "LaTeX", "PhD", "IPv4", "IPv6", "DeMorgan"]
}
