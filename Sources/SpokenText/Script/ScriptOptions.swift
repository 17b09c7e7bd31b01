/// What a text is written in.
package enum Markup: String, Hashable, Sendable {
    /// SSML where the text begins with `<speak`, else Markdown, of which plain text is a part.
    case automatic
    case plain, markdown, ssml
}

/// What becomes of a fenced block of code.
package enum CodeBlockReading: String, Hashable, Sendable {
    /// "code block, 12 lines": those who listen know that there is something to look at.
    case announced
    case skipped
    case spoken
}

/// How a text is to be turned into what is spoken.
package struct ScriptOptions: Sendable {
    /// BCP 47; English is read out in full, other languages only cleaned.
    package var language: String
    package var markup = Markup.automatic
    package var codeBlocks = CodeBlockReading.announced
    package var pronunciations = Pronunciations()
    /// The mood up to the first marker.
    package var emotion: Emotion?

    package init(language: String = "en") {
        self.language = language
    }
}
