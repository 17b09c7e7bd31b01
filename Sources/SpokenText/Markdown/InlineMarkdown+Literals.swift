extension InlineMarkdown {
    /// The names of tags that people write into Markdown; others are text in angle brackets.
    private static let tags: Set<String> = [
        "a", "abbr", "b", "blockquote", "br", "center", "code", "dd", "del", "details", "div", "dl", "dt", "em", "font",
        "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "pre",
        "q",
        "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr",
        "u",
        "ul", "var", "video", "picture", "source", "script", "style",
    ]
    private static let tagLimit = 512

    /// Escapes, code, tags, comments and entities, from left to right.
    mutating func markLiterals() {
        var ticks = TickRuns(scalars)
        var hasComments = true
        var index = 0
        while index < scalars.count {
            switch scalars[index] {
            case "\\": index = markEscape(index)
            case "`": index = markCode(index, &ticks)
            case "<": index = markTag(index, &hasComments)
            case "&": index = markEntity(index)
            default: index += 1
            }
        }
    }

    private mutating func markEscape(_ index: Int) -> Int {
        let next = index + 1
        guard next < scalars.count, scalars[next].value < 0x80, scalars[next].isPunctuation else { return next }
        fates[index] = .dropped
        fates[next] = .literal
        return next + 1
    }

    private mutating func markCode(_ index: Int, _ ticks: inout TickRuns) -> Int {
        let count = scalars[index...].prefix { $0 == "`" }.count
        guard let close = ticks.next(count: count, after: index) else { return index + count }
        drop(index..<index + count)
        for place in index + count..<close { fates[place] = .literal }
        drop(close..<close + count)
        return close + count
    }

    private mutating func markTag(_ index: Int, _ hasComments: inout Bool) -> Int {
        let window = TextWindow(Array(scalars[index..<min(scalars.count, index + 4)]))
        if window.has("<!--", at: 0), hasComments {
            guard let end = endOfComment(index + 4) else {
                hasComments = false
                return index + 1
            }
            drop(index..<end)
            return end
        }
        let limit = min(scalars.count, index + Self.tagLimit)
        let name = index + (window[1] == "/" ? 2 : 1)
        let nameEnd = scalars[min(name, limit)..<limit].prefix(12).firstIndex { !$0.isLetter && !$0.isDigit } ?? limit
        guard name < nameEnd, Self.tags.contains(text.string(in: name..<nameEnd).lowercased()),
            let end = scalars[nameEnd..<limit].firstIndex(where: { $0 == ">" || $0 == "<" || $0 == "\n" }),
            scalars[end] == ">"
        else { return index + 1 }
        drop(index..<end + 1)
        // Where a tag breaks the line or begins something, the words on both sides are two.
        fates[index] = .literal
        replaced[index] = text.string(in: name..<nameEnd).lowercased() == "br" ? "\n" : " "
        if ["b", "i", "u", "s", "em", "strong", "a", "code", "sub", "sup", "span", "mark", "kbd"]
            .contains(text.string(in: name..<nameEnd).lowercased())
        {
            fates[index] = .dropped
        }
        return end + 1
    }

    private func endOfComment(_ start: Int) -> Int? {
        var index = start
        while index + 2 < scalars.count {
            if scalars[index] == "-", scalars[index + 1] == "-", scalars[index + 2] == ">" { return index + 3 }
            index += 1
        }
        return nil
    }

    private mutating func markEntity(_ index: Int) -> Int {
        let end = min(scalars.count, index + Entity.lengthLimit)
        guard let semicolon = scalars[index..<end].firstIndex(of: ";"),
            let sign = Entity.scalar(named: text.string(in: index + 1..<semicolon))
        else { return index + 1 }
        drop(index + 1..<semicolon + 1)
        fates[index] = .literal
        replaced[index] = sign
        return semicolon + 1
    }
}

/// Where runs of backticks stand, by their length.
struct TickRuns {
    private var runs: [Int: [Int]] = [:]
    private var passed: [Int: Int] = [:]

    init(_ scalars: [Unicode.Scalar]) {
        var index = 0
        while index < scalars.count {
            guard scalars[index] == "`" else {
                index += 1
                continue
            }
            let start = index
            while index < scalars.count, scalars[index] == "`" { index += 1 }
            runs[index - start, default: []].append(start)
        }
    }

    /// The next run of a length; asked for places in rising order.
    mutating func next(count: Int, after index: Int) -> Int? {
        guard let starts = runs[count] else { return nil }
        var place = passed[count] ?? 0
        while place < starts.count, starts[place] <= index { place += 1 }
        passed[count] = place
        return place < starts.count ? starts[place] : nil
    }
}
