@testable import SpokenText

/// What is spoken for a text, pauses left out.
func spoken(_ text: String, language: String = "en", _ pronunciations: [Pronunciation] = []) -> String {
    var options = ScriptOptions(language: language)
    options.pronunciations = Pronunciations(pronunciations)
    return Script(text, options).segments.map(\.text.string).filter { !$0.isEmpty }.joined(separator: " | ")
}
