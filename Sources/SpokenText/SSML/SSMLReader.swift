/// Takes an SSML text apart into passages.
///
/// It forgives: what is no tag is text, what is never closed ends with the text, and an element that it does not know
/// counts for its contents alone.
struct SSMLReader {
    /// Elements nested more deeply have no effect.
    static let depthLimit = 64

    /// An element that is open.
    private struct Element {
        var name: String
        var offset: Int
        /// The style around it.
        var style: SpeechStyle
        /// Whether a segment ends with it.
        var isBoundary: Bool
    }

    /// The contents of an element that is replaced as a whole.
    private struct Capture {
        var tag: SSMLTag
        var offset: Int
        var text = MappedText()
        var depth: Int
    }

    private let text: [Unicode.Scalar]
    private var elements: [Element] = []
    private var tooDeepCount = 0
    private var capture: Capture?
    private var current: Passage
    private var written = MappedText()
    private var done: [Passage] = []
    private(set) var problems: [SSMLProblem] = []
    /// A closing sign that does not come any more is not looked for again.
    private var missingEnds: Set<String> = []

    /// - Parameter style: That of what no element changes.
    init(_ text: [Unicode.Scalar], _ style: SpeechStyle = SpeechStyle()) {
        self.text = text
        current = Passage(style: style)
    }

    /// The passages in order; `problems` are known afterwards.
    mutating func read() -> [Passage] {
        var index = 0
        while index < text.count {
            switch text[index] {
            case "<": index = readTag(index)
            case "&": index = readEntity(index)
            default:
                add(text[index] == "\n" || text[index] == "\r" ? " " : text[index], index..<index + 1)
                index += 1
            }
        }
        for element in elements { report(.unclosedElement(element.name), element.offset) }
        endCapture()
        cut(current.style)
        return done
    }

    private mutating func report(_ kind: SSMLProblem.Kind, _ offset: Int) {
        if problems.count < SSMLProblem.limit { problems.append(SSMLProblem(kind: kind, offset: offset)) }
    }

    // MARK: Text

    private mutating func add(_ scalar: Unicode.Scalar, _ origin: Range<Int>) {
        if capture == nil { written.append(scalar, origin) } else { capture?.text.append(scalar, origin) }
    }

    private mutating func readEntity(_ index: Int) -> Int {
        let end = min(text.count, index + Entity.lengthLimit)
        guard let semicolon = text[index..<end].firstIndex(of: ";"),
            let scalar = Entity.scalar(named: SSMLTag.string(text[index + 1..<semicolon]))
        else {
            add("&", index..<index + 1)
            return index + 1
        }
        add(scalar, index..<semicolon + 1)
        return semicolon + 1
    }

    /// Ends the passage; the next one has that style.
    private mutating func cut(_ style: SpeechStyle, pause: Duration = .zero, at place: Int? = nil) {
        current.add(written)
        written = MappedText()
        if !current.isEmpty { done.append(current) }
        current = Passage(style: style, pauseBefore: pause, start: place)
    }

    // MARK: Tags

    private mutating func readTag(_ index: Int) -> Int {
        for (opening, closing) in [("<!--", "-->"), ("<?", "?>"), ("<!DOCTYPE", ">")] {
            if let end = skip(index, opening, closing) { return end }
        }
        guard let tag = SSMLTag(text, at: index) else {
            report(.unclosedTag, index)
            add("<", index..<index + 1)
            return index + 1
        }
        if tag.isEnd {
            close(tag.name, index)
        } else {
            open(tag, index)
            if tag.isEmpty, tag.name != "break" { close(tag.name, index) }
        }
        return tag.end
    }

    private mutating func skip(_ index: Int, _ opening: String, _ closing: String) -> Int? {
        let (begin, end) = (Array(opening.unicodeScalars), Array(closing.unicodeScalars))
        guard text[index...].starts(with: begin), !missingEnds.contains(closing) else { return nil }
        var place = index + begin.count
        while place + end.count <= text.count {
            if text[place] == end[0], text[place...].starts(with: end) { return place + end.count }
            place += 1
        }
        missingEnds.insert(closing)
        return nil
    }

    private mutating func open(_ tag: SSMLTag, _ index: Int) {
        if tag.name == "break" {
            guard let pause = Prosody.pause(tag.attributes) else { return reportBad(tag, ["time", "strength"], index) }
            if pause > .zero, capture == nil { cut(current.style, pause: pause, at: index) }
            return
        }
        guard elements.count < Self.depthLimit else {
            if tooDeepCount == 0 { report(.tooDeep, index) }
            tooDeepCount += 1
            return
        }
        let style = style(of: tag, index)
        let isBoundary = style != current.style || tag.name == "p" || tag.name == "s"
        elements.append(Element(name: tag.name, offset: index, style: current.style, isBoundary: isBoundary))
        if capture != nil { return }
        if isBoundary { cut(style) }
        if ["say-as", "sub", "phoneme"].contains(tag.name) {
            capture = Capture(tag: tag, offset: index, depth: elements.count)
        }
    }

    private mutating func close(_ name: String, _ index: Int) {
        if tooDeepCount > 0 {
            tooDeepCount -= 1
            return
        }
        guard let place = elements.lastIndex(where: { $0.name == name }) else {
            return report(.unexpectedEnd(name), index)
        }
        for element in elements[(place + 1)...] { report(.unclosedElement(element.name), element.offset) }
        let style = elements[place].style
        let isBoundary = elements[place...].contains(where: \.isBoundary)
        elements.removeSubrange(place...)
        if let depth = capture?.depth, elements.count < depth { endCapture() }
        if isBoundary, capture == nil { cut(style) }
    }

    private mutating func style(of tag: SSMLTag, _ index: Int) -> SpeechStyle {
        var style = current.style
        if let language = tag.attributes["xml:lang"] ?? tag.attributes["lang"] { style.language = language }
        guard tag.name == "prosody" else { return style }
        let values = (
            rate: tag.attributes["rate"].map(Prosody.rate), pitch: tag.attributes["pitch"].map(Prosody.pitch),
            volume: tag.attributes["volume"].map(Prosody.volume)
        )
        if case .some(.none) = values.rate { reportBad(tag, ["rate"], index) }
        if case .some(.none) = values.pitch { reportBad(tag, ["pitch"], index) }
        if case .some(.none) = values.volume { reportBad(tag, ["volume"], index) }
        return style.scaled(
            rate: (values.rate ?? 1) ?? 1, pitch: (values.pitch ?? 1) ?? 1, volume: (values.volume ?? 1) ?? 1)
    }

    private mutating func reportBad(_ tag: SSMLTag, _ names: [String], _ index: Int) {
        for name in names {
            if let value = tag.attributes[name] { report(.badValue(attribute: name, value: value), index) }
        }
    }

    // MARK: Replaced contents

    private mutating func endCapture() {
        guard let capture else { return }
        self.capture = nil
        let text = capture.text.trimmed()
        guard let origin = text.origin(of: 0..<text.count) else { return }
        let tag = capture.tag
        switch tag.name {
        case "sub": add(tag.attributes["alias"], for: text, origin)
        case "phoneme":
            let isIPA = (tag.attributes["alphabet"] ?? "ipa") == "ipa"
            current.add(take())
            current.add(text, ipa: isIPA ? tag.attributes["ph"] : nil)
        default:
            let words = SayAs.words(
                text.string, as: tag.attributes["interpret-as"] ?? "", format: tag.attributes["format"] ?? "")
            add(words, for: text, origin)
        }
    }

    private mutating func add(_ words: String?, for text: MappedText, _ origin: Range<Int>) {
        guard let words else { return written.append(text) }
        var spoken = MappedText()
        spoken.append(words, origin)
        current.add(take())
        current.add(spoken, .spoken)
    }

    /// The written text so far.
    private mutating func take() -> MappedText {
        defer { written = MappedText() }
        return written
    }
}
