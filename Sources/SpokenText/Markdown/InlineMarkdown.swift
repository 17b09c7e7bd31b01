/// Takes the marks out of a paragraph: emphasis, links, code, tags, markers.
///
/// Each step passes over the paragraph once; brackets find each other on a stack, so deep nesting costs nothing more.
struct InlineMarkdown {
    /// What a paragraph consists of.
    enum Part: Hashable {
        case text(MappedText)
        /// A wish about the speech, and where it stands in the original.
        case marker(Marker, at: Int)
    }

    /// What becomes of a scalar.
    enum Fate {
        case kept, dropped
        /// Kept, and without a meaning in Markdown.
        case literal
    }

    /// A destination is no longer than this.
    private static let targetLimit = 2_048

    let text: MappedText
    var fates: [Fate]
    /// For each scalar, what is spoken instead.
    var replaced: [Int: Unicode.Scalar] = [:]
    private var markers: [(place: Int, marker: Marker)] = []
    var scalars: [Unicode.Scalar] { text.scalars }

    init(_ text: MappedText) {
        self.text = text
        fates = Array(repeating: .kept, count: text.count)
    }

    /// The paragraph without its marks.
    func parts() -> [Part] {
        let signs: Set<Unicode.Scalar> = ["*", "_", "`", "[", "<", "~", "\\", "&"]
        guard scalars.contains(where: signs.contains) else { return [.text(text)] }
        var inline = self
        inline.markLiterals()
        inline.markLinks()
        inline.markEmphasis()
        return inline.remaining()
    }

    private func remaining() -> [Part] {
        var parts: [Part] = []
        var current = MappedText()
        var next = markers.sorted { $0.place < $1.place }[...]
        for index in scalars.indices {
            while let marker = next.first, marker.place <= index {
                if !current.trimmed().isEmpty { parts.append(.text(current)) }
                current = MappedText()
                parts.append(.marker(marker.marker, at: text.origins[marker.place].lowerBound))
                next = next.dropFirst()
            }
            if fates[index] != .dropped { current.append(replaced[index] ?? scalars[index], text.origins[index]) }
        }
        return current.trimmed().isEmpty ? parts : parts + [.text(current)]
    }

    mutating func drop(_ range: Range<Int>) {
        for index in range { fates[index] = .dropped }
    }

    // MARK: Links

    /// Pairs of brackets, innermost first: links, images, footnotes, markers.
    private mutating func markLinks() {
        let parentheses = partners("(", ")")
        var open: [Int] = []
        for index in scalars.indices where fates[index] == .kept {
            if scalars[index] == "[" { open.append(index) }
            if scalars[index] == "]", let start = open.popLast() { markLink(start, index, parentheses) }
        }
    }

    /// For each opening sign, where its closing one stands.
    private func partners(_ opening: Unicode.Scalar, _ closing: Unicode.Scalar) -> [Int: Int] {
        var partners: [Int: Int] = [:]
        var open: [Int] = []
        for index in scalars.indices where fates[index] != .literal {
            if scalars[index] == opening { open.append(index) }
            if scalars[index] == closing, let start = open.popLast() { partners[start] = index }
        }
        return partners
    }

    private mutating func markLink(_ start: Int, _ end: Int, _ parentheses: [Int: Int]) {
        let contents = scalars[start + 1..<end]
        if let marker = Marker(contents) {
            markers.append((start, marker))
            return drop(start..<end + 1)
        }
        if contents.first == "^", contents.count <= 32 { return drop(start..<end + 1) }
        let after = end + 1
        let isImage = start > 0 && scalars[start - 1] == "!" && fates[start - 1] == .kept
        let isBehindWord = start > 0 && scalars[start - 1].isWordPart
        guard after < scalars.count else { return }
        if scalars[after] == "(", let close = parentheses[after], isTarget(after + 1..<close) {
            drop(end..<close + 1)
        } else if scalars[after] == "[", !isBehindWord, let close = closing(after) {
            drop(end..<close + 1)
        } else {
            return
        }
        drop(isImage ? start - 1..<start + 1 : start..<start + 1)
    }

    /// A destination has no space, but a title in quotes may stand behind one.
    private func isTarget(_ range: Range<Int>) -> Bool {
        guard range.count <= Self.targetLimit else { return false }
        guard let space = scalars[range].firstIndex(where: \.isSpace) else { return true }
        let title = scalars[space..<range.upperBound].first { !$0.isSpace }
        return title == nil || title == "\"" || title == "'" || title == "("
    }

    /// The end of a reference such as `[name]`.
    private func closing(_ start: Int) -> Int? {
        let end = min(scalars.count, start + 64)
        guard let close = scalars[start + 1..<end].firstIndex(where: { $0 == "]" || $0 == "[" }) else { return nil }
        return scalars[close] == "]" ? close : nil
    }
}
