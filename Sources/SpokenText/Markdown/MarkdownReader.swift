/// Takes a Markdown text apart into passages: paragraphs, headings, items, rows of tables.
///
/// Plain text is Markdown too: what has no meaning there stays as it is.
struct MarkdownReader {
    /// How long a heading is left to sink in.
    private static let headingPause = Duration.milliseconds(300)
    /// What a ruler between two parts becomes.
    private static let rulerPause = Duration.milliseconds(500)

    private let text: [Unicode.Scalar]
    private let options: ScriptOptions
    private var lines: [Range<Int>] = []
    private var done: [Passage] = []
    private var paragraph = MappedText()
    private var style: SpeechStyle
    private var pause = Duration.zero

    init(_ text: [Unicode.Scalar], _ options: ScriptOptions) {
        self.text = text
        self.options = options
        style = SpeechStyle(options.emotion)
        var start = 0
        for (index, scalar) in text.enumerated() where scalar == "\n" {
            lines.append(start..<index)
            start = index + 1
        }
        lines.append(start..<text.count)
    }

    /// The passages in order.
    func passages() -> [Passage] {
        var reader = self
        reader.read()
        return reader.done
    }

    private mutating func read() {
        var number = 0
        while number < lines.count {
            let line = MarkdownLine(text, lines[number])
            switch line.kind {
            case .blank: flush()
            case .ruler:
                flush()
                if !done.isEmpty { pause = max(pause, Self.rulerPause) }
            case .definition: flush()
            case .heading(let content):
                flush()
                add(content, isClosed: true)
                flush()
                pause = max(pause, Self.headingPause)
            case .item(let mark, let content):
                flush()
                paragraph = mark
                add(content, isClosed: true)
            case .fence(let fence): number = readFence(fence, from: number)
            case .text(let content):
                if let rows = table(at: number) { number = readTable(rows) } else { add(content, isClosed: false) }
            }
            number += 1
        }
        flush()
    }

    // MARK: Paragraphs

    private var isItem = false

    /// Adds a line to the paragraph, behind a space or a line end.
    private mutating func add(_ content: Range<Int>, isClosed: Bool) {
        if isClosed { isItem = true }
        if let last = paragraph.scalars.last, last != " ", content.lowerBound > 0, !isClosed {
            paragraph.append(isJoined(to: content) ? " " : "\n", content.lowerBound - 1..<content.lowerBound)
        }
        paragraph.append(MappedText(original: text, in: content))
    }

    /// The length from which a line was rather broken by the width of a page than by its writer.
    private static let pageWidth = 60

    /// Whether the sentence goes on in the next line.
    private func isJoined(to content: Range<Int>) -> Bool {
        guard let last = paragraph.scalars.last(where: { !$0.isSpace }), let first = text[content].first else {
            return true
        }
        if ".!?:;…".unicodeScalars.contains(last) { return false }
        return first.properties.isLowercase || last == "," || widthOfLine(before: content.lowerBound) >= Self.pageWidth
    }

    /// How long the line before a place is, counted no further than the width of a page.
    private func widthOfLine(before place: Int) -> Int {
        guard let end = text[..<place].lastIndex(of: "\n") else { return 0 }
        var start = end
        while start > 0, end - start < Self.pageWidth, text[start - 1] != "\n" { start -= 1 }
        return end - start
    }

    /// Ends the paragraph.
    private mutating func flush() {
        defer {
            paragraph = MappedText()
            isItem = false
        }
        guard !paragraph.isEmpty else { return }
        if isItem { paragraph = paragraph.closed() }
        for part in InlineMarkdown(paragraph).parts() {
            switch part {
            case .text(let text):
                var passage = Passage(style: style, pauseBefore: pause)
                passage.add(text)
                append(passage)
            case .marker(.pause(let duration), let place):
                pause = min(pause + duration, Pause.limit)
                append(Passage(style: style, pauseBefore: pause, start: place))
            case .marker(.emotion(let emotion), _):
                style = SpeechStyle(emotion)
            }
        }
    }

    private mutating func append(_ passage: Passage) {
        guard !passage.isEmpty else { return }
        done.append(passage)
        pause = .zero
    }

    // MARK: Code and tables

    private mutating func readFence(_ fence: MarkdownLine.Fence, from number: Int) -> Int {
        flush()
        var end = number + 1
        while end < lines.count, !fence.isClosed(by: text[lines[end]]) { end += 1 }
        let range = lines[number].lowerBound..<lines[min(end, lines.count - 1)].upperBound
        let count = end - number - 1
        switch options.codeBlocks {
        case .skipped: break
        case .announced where !options.language.lowercased().hasPrefix("en"): break
        case .announced:
            var words = MappedText()
            words.append("code block, \(EnglishNumber.cardinal(count)) line\(count == 1 ? "" : "s").", range)
            var passage = Passage(style: style, pauseBefore: pause)
            passage.add(words, .spoken)
            append(passage)
        case .spoken:
            for line in lines[(number + 1)..<max(end, number + 1)] {
                var passage = Passage(style: style, pauseBefore: pause)
                passage.add(MappedText(original: text, in: line).trimmed())
                append(passage)
            }
        }
        return end
    }

    /// The lines of the table that begins here; nil if none does.
    private func table(at number: Int) -> Range<Int>? {
        guard text[lines[number]].contains("|"), number + 1 < lines.count,
            MarkdownLine.isTableRuler(text[lines[number + 1]])
        else { return nil }
        var end = number + 2
        while end < lines.count, text[lines[end]].contains("|") { end += 1 }
        return number..<end
    }

    private mutating func readTable(_ rows: Range<Int>) -> Int {
        flush()
        for row in rows where row != rows.lowerBound + 1 {
            paragraph = MarkdownLine.cells(text, lines[row])
            isItem = true
            flush()
        }
        return rows.upperBound - 1
    }
}

extension MappedText {
    /// With a stop at the end where there is no mark, so that the voice falls.
    fileprivate func closed() -> MappedText {
        var text = trimmed()
        guard let last = text.scalars.last, let origin = text.origins.last, last.isWordPart else { return text }
        text.append(".", origin)
        return text
    }
}
