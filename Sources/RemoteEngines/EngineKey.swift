/// The key of a speech server; never printed by accident.
package struct EngineKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let text: String

    /// - Returns: Nil for a text that cannot stand in a header field.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        self.text = text
    }

    /// To be shown to the engine's server only.
    func revealed() -> String { text }

    /// What others say, without the key: some servers repeat it in their errors.
    func removed(from words: String) -> String { words.replacing(text, with: "[key]") }

    package var description: String { "[key]" }
    package var debugDescription: String { "[key]" }

    /// The variable that holds the key of an engine: `HEARSAY_ENGINE_MY_TTS_KEY` for `my-tts`.
    package static func variable(_ engine: String) -> String {
        "HEARSAY_ENGINE_\(engine.uppercased().replacing("-", with: "_"))_KEY"
    }
}
