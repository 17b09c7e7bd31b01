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

    /// Two minutes of quick speech, more than any utterance has.
    private static let wordLimit = 400

    package init(_ book: CommandBook) {
        self.book = book
    }

    /// All commands in a text, in the order in which they were said; no word belongs to two.
    ///
    /// - Parameter text: With or without punctuation; what lies behind its first 400 words is not searched.
    package func matches(in text: String) -> [CommandMatch] {
        let words = PlainText.words(of: text).prefix(Self.wordLimit).map { Array($0) }
        let calls = book.attention.map { Self.found($0, in: words) } ?? []
        var candidates: [CommandMatch] = []
        for entry in book.entries {
            for var match in Self.found(entry, in: words) {
                match.attentionText = Self.call(before: match, calls)
                if entry.needsAttention, match.attentionText == nil { continue }
                candidates.append(match)
            }
        }
        return Self.apart(candidates)
    }

    /// The attention phrase that a command follows.
    private static func call(before match: CommandMatch, _ calls: [CommandMatch]) -> String? {
        calls.last { call in
            call.words.upperBound <= match.words.lowerBound
                && match.words.lowerBound - call.words.upperBound < attentionReach
        }?.matchedText
    }

    private static func found(_ entry: CommandBook.Entry, in words: [[Character]]) -> [CommandMatch] {
        var found: [CommandMatch] = []
        for phrase in entry.phrases {
            for form in phrase.forms {
                let search = FormSearch(form, threshold: entry.threshold, words: words)
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
