/// Lines of a file: `L42-L50`, and `:10-20` or `#L10` behind a path.
enum LinePlace {
    /// `L42`, `L42-L50`, `L42-50`.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        guard text[index] == "L", text.isWordStart(index), let first = text.number(at: index + 1, digits: 1...4) else {
            return nil
        }
        guard text[first.end] == "-" || text[first.end] == "–" else {
            guard text.isWordEnd(first.end), first.end - index > 2 else { return nil }
            return Reading("line " + EnglishNumber.cardinal(first.value), to: first.end)
        }
        let start = text[first.end + 1] == "L" ? first.end + 2 : first.end + 1
        guard let last = text.number(at: start, digits: 1...4), text.isWordEnd(last.end) else { return nil }
        return Reading(lines(first.value, last.value), to: last.end)
    }

    /// What stands behind a path: `:42`, `:42:7`, `:10-20`, `#L10`, `#L10-L20`.
    static func behind(_ text: TextWindow, _ index: Int) -> Reading? {
        if text[index] == "#", text[index + 1] == "L", let line = read(text, index + 1) ?? short(text, index + 1) {
            return line
        }
        guard text[index] == ":", let first = text.number(at: index + 1, digits: 1...4) else { return nil }
        if text[first.end] == "-" || text[first.end] == "–", let last = text.number(at: first.end + 1, digits: 1...4),
            text.isWordEnd(last.end)
        {
            return Reading(lines(first.value, last.value), to: last.end)
        }
        guard text.isWordEnd(first.end) else { return nil }
        var end = first.end
        if text[end] == ":", let column = text.number(at: end + 1, digits: 1...4) { end = column.end }
        return Reading("line " + EnglishNumber.cardinal(first.value), to: end)
    }

    /// `L7`, which alone could be a name.
    private static func short(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let line = text.number(at: index + 1, digits: 1...1), text.isWordEnd(line.end) else { return nil }
        return Reading("line " + EnglishNumber.cardinal(line.value), to: line.end)
    }

    private static func lines(_ first: Int, _ last: Int) -> String {
        "lines " + EnglishNumber.cardinal(first) + " to " + EnglishNumber.cardinal(last)
    }
}
