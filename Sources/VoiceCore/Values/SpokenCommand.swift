/// A command that was found in what was said.
package struct SpokenCommand: Hashable, Sendable {
    /// What a command was found by.
    package enum Basis: String, Hashable, Sendable {
        /// The text that was understood.
        case text
        /// The sound, by a grammar.
        case sound
    }

    /// Its name in the book of commands.
    package var name: String
    /// By the names of the phrase's slots.
    package var slots: [String: String]
    /// The phrase as it stands in the book.
    package var pattern: String
    /// The words that were taken for it.
    package var matchedText: String
    /// How alike the two are, 0 to 100.
    package var score: Double
    /// What it was found by.
    package var basis = Basis.text
    /// What called for attention before it; nil where nothing did.
    package var attentionText: String?
    /// Whether it is one with which a draft begins, or one with which a draft ends.
    package var (beginsDraft, endsDraft) = (false, false)

    package init(
        name: String, slots: [String: String] = [:], pattern: String, matchedText: String, score: Double,
        attentionText: String? = nil
    ) {
        self.name = name
        self.slots = slots
        self.pattern = pattern
        self.matchedText = matchedText
        self.score = score
        self.attentionText = attentionText
    }
}
