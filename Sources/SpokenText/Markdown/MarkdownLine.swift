/// What a line of Markdown is, and where its text stands in the original.
struct MarkdownLine {
    /// The line before a block of code.
    struct Fence: Hashable {
        let sign: Unicode.Scalar
        let count: Int

        /// Whether a line ends the block.
        func isClosed(by line: ArraySlice<Unicode.Scalar>) -> Bool {
            let line = line.drop(while: \.isSpace)
            let signs = line.prefix { $0 == sign }
            return signs.count >= count && line.dropFirst(signs.count).allSatisfy(\.isSpace)
        }
    }

    enum Kind: Hashable {
        case blank
        case text(Range<Int>)
        case heading(Range<Int>)
        /// An item of a list; its number, or nothing, is spoken first.
        case item(MappedText, Range<Int>)
        case ruler
        /// Where a link leads to, told apart from the text.
        case definition
        case fence(Fence)
    }

    let kind: Kind

    /// - Parameter line: Without its line end.
    init(_ text: [Unicode.Scalar], _ line: Range<Int>) {
        var start = Self.skip(text, line.lowerBound, line.upperBound, \.isSpace)
        var end = line.upperBound
        while end > start, text[end - 1].isSpace { end -= 1 }
        // Quotes stand within each other by their signs alone.
        while start < end, text[start] == ">", start + 1 == end || text[start + 1] == " " || text[start + 1] == ">" {
            start = Self.skip(text, start + 1, end, \.isSpace)
        }
        kind = Self.kind(text, start..<end)
    }

    private static func skip(
        _ text: [Unicode.Scalar], _ start: Int, _ end: Int, _ belongs: (Unicode.Scalar) -> Bool
    ) -> Int {
        var start = start
        while start < end, belongs(text[start]) { start += 1 }
        return start
    }

    private static func kind(_ text: [Unicode.Scalar], _ line: Range<Int>) -> Kind {
        guard let first = line.first.map({ text[$0] }) else { return .blank }
        switch first {
        case "#": return heading(text, line) ?? .text(line)
        case "`", "~":
            let count = text[line].prefix { $0 == first }.count
            let hasMore = first == "`" && text[line].dropFirst(count).contains("`")
            return count >= 3 && !hasMore ? .fence(Fence(sign: first, count: count)) : .text(line)
        case "-", "*", "+", "_", "=", "•":
            return isRuler(text[line]) ? .ruler : bullet(text, line) ?? .text(line)
        case "[": return isDefinition(text[line]) ? .definition : .text(line)
        default: return first.isDigit ? number(text, line) ?? .text(line) : .text(line)
        }
    }

    private static func heading(_ text: [Unicode.Scalar], _ line: Range<Int>) -> Kind? {
        let level = text[line].prefix { $0 == "#" }.count
        let start = line.lowerBound + level
        guard level <= 6, start < line.upperBound, text[start].isSpace else { return nil }
        var end = line.upperBound
        while end > start, text[end - 1] == "#" { end -= 1 }
        if end < line.upperBound, end > start, !text[end - 1].isSpace { end = line.upperBound }
        while end > start, text[end - 1].isSpace { end -= 1 }
        let first = skip(text, start, end, \.isSpace)
        return .heading(first..<max(first, end))
    }

    private static func isRuler(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let sign = line.first, sign != "+", sign != "•" else { return false }
        return line.allSatisfy { $0 == sign || $0.isSpace } && line.filter { $0 == sign }.count >= 3
    }

    private static func bullet(_ text: [Unicode.Scalar], _ line: Range<Int>) -> Kind? {
        let sign = text[line.lowerBound]
        guard line.count > 2, text[line.lowerBound + 1].isSpace, sign != "_", sign != "=" else { return nil }
        let start = skip(text, line.lowerBound + 1, line.upperBound, \.isSpace)
        var mark = MappedText()
        let box = text[start..<min(start + 4, line.upperBound)]
        guard box.count == 4, box.first == "[", box.dropFirst(2).elementsEqual(["]", " "]) else {
            return .item(mark, start..<line.upperBound)
        }
        let state = text[start + 1]
        guard state == " " || state == "x" || state == "X" else { return .item(mark, start..<line.upperBound) }
        mark.append(state == " " ? "to do: " : "done: ", start..<start + 3)
        return .item(mark, start + 4..<line.upperBound)
    }

    /// `1. ` and `1) `: the number is spoken.
    private static func number(_ text: [Unicode.Scalar], _ line: Range<Int>) -> Kind? {
        let end = skip(text, line.lowerBound, line.upperBound, \.isDigit)
        guard end - line.lowerBound <= 3, end + 2 < line.upperBound, text[end] == "." || text[end] == ")",
            text[end + 1] == " "
        else { return nil }
        var mark = MappedText(original: text, in: line.lowerBound..<end)
        mark.append(", ", end..<end + 1)
        return .item(mark, skip(text, end + 1, line.upperBound, \.isSpace)..<line.upperBound)
    }

    /// `[name]: https://example.org`, also of a footnote.
    private static func isDefinition(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let close = line.prefix(64).firstIndex(of: "]"), line.dropFirst(close - line.startIndex + 1).first == ":"
        else {
            return false
        }
        let target = line[(close + 2)...].drop(while: \.isSpace)
        return !target.isEmpty && line.dropFirst().first != "^" && target.prefix(12).contains { $0 == ":" || $0 == "/" }
    }

    /// The line below the head of a table: `|---|:-:|`.
    static func isTableRuler(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        line.contains("-") && line.contains("|")
            && line.allSatisfy { $0 == "|" || $0 == "-" || $0 == ":" || $0.isSpace }
    }

    /// The cells of a row, with commas between.
    static func cells(_ text: [Unicode.Scalar], _ line: Range<Int>) -> MappedText {
        var row = MappedText()
        var start = line.lowerBound
        for index in line.lowerBound...line.upperBound
        where index == line.upperBound || text[index] == "|" && (index == 0 || text[index - 1] != "\\") {
            let cell = MappedText(original: text, in: start..<index).trimmed()
            if !cell.isEmpty {
                if !row.isEmpty { row.append(", ", start - 1..<start) }
                row.append(cell)
            }
            start = index + 1
        }
        return row
    }
}
