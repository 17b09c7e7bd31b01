/// Hashes and identifiers of hexadecimal digits, of which the first few are spelled.
enum Hash {
    /// git shows seven digits of a commit, and people compare no more.
    private static let shownCount = 7
    private static let named: Set<String> = ["commit", "hash", "sha", "revision", "checksum", "digest"]

    /// `a1b2c3d`, whole SHA-1 and SHA-256 sums.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        let end = text.end(from: index, limit: 129) { $0.isDigit || $0.value >= 0x61 && $0.value <= 0x66 }
        let count = end - index
        guard (7...12).contains(count) || count == 32 || count == 40 || count == 64 || count == 128,
            text.isWordEnd(end),
            text[end] != "_", text[index..<end].contains(where: \.isDigit),
            text[index..<end].contains(where: \.isLetter)
        else { return nil }
        let prefix = named.contains(text.wordBefore(index)) ? "" : "hash "
        return Reading(prefix + Spelling.words(text[index..<index + shownCount]), to: end)
    }

    /// `550e8400-e29b-41d4-a716-446655440000`.
    static func uuid(_ text: TextWindow, _ index: Int) -> Reading? {
        var end = index
        for (position, count) in [8, 4, 4, 4, 12].enumerated() {
            if position > 0 {
                guard text[end] == "-" else { return nil }
                end += 1
            }
            let next = text.end(from: end, limit: count + 1) { $0.isHexDigit }
            guard next - end == count else { return nil }
            end = next
        }
        guard text.isWordEnd(end) else { return nil }
        return Reading("U U I D " + Spelling.words(text[index..<index + 4]), to: end)
    }

    /// `0x1F`, `0b101`.
    static func hexadecimal(_ text: TextWindow, _ index: Int) -> Reading? {
        if text[index] == "0", text[index + 1] == "b" {
            let end = text.end(from: index + 2, limit: 65) { $0 == "0" || $0 == "1" }
            guard end > index + 2, text.isWordEnd(end) else { return nil }
            return Reading("binary " + EnglishNumber.digits(text[index + 2..<end]), to: end)
        }
        guard text[index] == "0", text[index + 1] == "x" || text[index + 1] == "X" else { return nil }
        let end = text.end(from: index + 2, limit: 17) { $0.isHexDigit }
        guard end > index + 2, text.isWordEnd(end) else { return nil }
        return Reading("hex " + Spelling.words(text[index + 2..<end]), to: end)
    }
}

extension TextWindow {
    subscript(range: Range<Int>) -> ArraySlice<Unicode.Scalar> { scalars[range.clamped(to: 0..<count)] }
}
