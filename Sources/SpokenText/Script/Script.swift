/// A text as it is to be spoken: segments in order, each of which knows where its words stand in the original.
package struct Script: Hashable, Sendable {
    /// Their sources joined are the original, without gap or overlap.
    package private(set) var segments: [Segment]
    /// What in the text's markup could not be understood; the text is spoken nevertheless.
    package private(set) var problems: [SSMLProblem]

    /// Reads a text.
    ///
    /// Takes time in proportion to the text's length, whatever stands in it.
    package init(_ text: String, _ options: ScriptOptions = ScriptOptions()) {
        let scalars = Array(text.unicodeScalars)
        var passages: [Passage]
        problems = []
        switch Self.markup(of: scalars, options.markup) {
        case .ssml:
            var reader = SSMLReader(scalars, SpeechStyle(options.emotion))
            passages = reader.read()
            problems = reader.problems
        case .plain:
            var passage = Passage(style: SpeechStyle(options.emotion))
            passage.add(MappedText(original: scalars, in: 0..<scalars.count))
            passages = [passage]
        case .markdown, .automatic: passages = MarkdownReader(scalars, options).passages()
        }
        passages.removeAll { $0.isEmpty }
        segments = ScriptWriter(options).segments(of: passages, count: scalars.count)
    }

    private static func markup(of text: [Unicode.Scalar], _ wanted: Markup) -> Markup {
        guard wanted == .automatic else { return wanted }
        let start = text.firstIndex { !$0.isSpace } ?? 0
        let tag = text[start...].prefix(6).map { $0.properties.lowercaseMapping }.joined()
        let xml = text[start...].prefix(5).map { $0.properties.lowercaseMapping }.joined()
        return tag == "<speak" || xml == "<?xml" ? .ssml : .markdown
    }
}
