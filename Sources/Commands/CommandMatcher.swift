/// A command that was found in what was said.
package struct CommandMatch: Hashable, Sendable {
    package var name: String
    /// By the names of the phrase's slots.
    package var slots: [String: String]
    /// The phrase as it stands in the book.
    package var pattern: String
    /// The words that were taken for it, in lower case without punctuation.
    package var matchedText: String
    /// Where they stand among the words that were said.
    package var words: Range<Int>
    /// How alike the two are, 0 to 100.
    package var score: Double
    /// The attention phrase before it; nil where there was none.
    package var attentionText: String?
    /// What it does to a draft; nil for nothing.
    package var effect: CommandBook.DraftEffect?
}

/// Finds the commands of a book in text, however well it was understood.
package struct CommandMatcher: Sendable {
    private let book: CommandBook

    /// After an attention phrase a command follows at once, or after a word that was made up.
    private static let attentionReach = 2

    /// Unlike what was not said: a grammar makes one of its orders of anything, with which text then shares a third of
    /// its letters.
    private static let confirmedThreshold = 60.0

    /// Two minutes of quick speech, more than any utterance has.
    private static let wordLimit = 400

    package init(_ book: CommandBook) {
        self.book = book
    }

    /// All commands in a text, in the order in which they were said; no word belongs to two.
    ///
    /// - Parameters:
    ///   - text: With or without punctuation; what lies behind its first 400 words is not searched.
    ///   - order: What the same sound is if it is one of the book's commands; such a command need be less alike.
    ///   - wake: The attention phrase where it was found in the sound, however it was written.
    ///   - start: The first word to which that applies.
    package func matches(
        in text: String, confirmedBy order: String? = nil, wake: String? = nil, from start: Int = 0
    ) -> [CommandMatch] {
        let words = Self.words(text)
        let order = order.map(Self.words)
        let calls = book.attention.map { Self.found($0, in: words, confirmedBy: order) } ?? []
        var candidates: [CommandMatch] = []
        for entry in book.entries {
            for var match in Self.found(entry, in: words, confirmedBy: order) {
                match.attentionText = Self.call(before: match, calls)
                if match.attentionText == nil, match.words.lowerBound >= start { match.attentionText = wake }
                if entry.needsAttention, match.attentionText == nil { continue }
                candidates.append(match)
            }
        }
        return Self.apart(candidates)
    }

    /// Whether a text may hold a command that it does not hold for certain, so that the sound is worth another look.
    package func nearlyMatches(_ text: String) -> Bool {
        let words = Self.words(text)
        return book.entries.contains { entry in
            let forms = entry.phrases.flatMap(\.forms).filter { !$0.hasOpenSlot }
            return forms.contains { form in
                !FormSearch(form, threshold: Self.confirmedThreshold, words: words, isConfirmed: true).hits().isEmpty
            } && Self.found(entry, in: words, confirmedBy: nil).isEmpty
        }
    }

    private static func words(_ text: String) -> [[Character]] {
        PlainText.words(of: text).prefix(wordLimit).map { Array($0) }
    }

    /// The attention phrase that a command follows.
    private static func call(before match: CommandMatch, _ calls: [CommandMatch]) -> String? {
        calls.last { call in
            call.words.upperBound <= match.words.lowerBound
                && match.words.lowerBound - call.words.upperBound < attentionReach
        }?.matchedText
    }

    private static func found(
        _ entry: CommandBook.Entry, in words: [[Character]], confirmedBy order: [[Character]]?
    ) -> [CommandMatch] {
        var found: [CommandMatch] = []
        for phrase in entry.phrases {
            for form in phrase.forms {
                let isConfirmed =
                    order.map { !form.hasOpenSlot && !FormSearch(form, threshold: 100, words: $0).hits().isEmpty }
                    ?? false
                let threshold = isConfirmed ? min(entry.threshold, confirmedThreshold) : entry.threshold
                let search = FormSearch(form, threshold: threshold, words: words, isConfirmed: isConfirmed)
                for hit in search.hits() {
                    found.append(
                        CommandMatch(
                            name: entry.name, slots: hit.slots, pattern: phrase.text,
                            matchedText: words[hit.words].map { String($0) }.joined(separator: " "), words: hit.words,
                            score: hit.score, effect: entry.effect))
                }
            }
        }
        return apart(found)
    }

    /// The best ones of those that share words; of equals the longer one, then the one said first.
    private static func apart(_ matches: [CommandMatch]) -> [CommandMatch] {
        let ranked = matches.sorted {
            ($0.score, $0.words.count, -$0.words.lowerBound) > ($1.score, $1.words.count, -$1.words.lowerBound)
        }
        var taken: [CommandMatch] = []
        for match in ranked where !taken.contains(where: { $0.words.overlaps(match.words) }) { taken.append(match) }
        return taken.sorted { $0.words.lowerBound < $1.words.lowerBound }
    }
}
