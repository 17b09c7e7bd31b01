internal import JSON

/// Our own addition: a text without marks, and the same text with them.
package enum PunctuationEvent {
    /// Asks for the marks of `text`.
    package static let request = "punctuate"
    private static let answer = "punctuated"

    /// Asks for the marks of a text.
    package static func question(_ text: String) -> RawEvent { RawEvent(type: request, data: ["text": .string(text)]) }

    /// Answers with the text and its marks.
    package static func answer(_ text: String) -> RawEvent { RawEvent(type: answer, data: ["text": .string(text)]) }

    /// The text of an answer; nil for another event.
    package static func text(of event: WyomingEvent) -> String? {
        guard case .other(let raw) = event, raw.type == answer else { return nil }
        return raw.data["text"]?.text
    }
}
