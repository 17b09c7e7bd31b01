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
    /// Whether the sound was it, and not the text alone.
    package var isBySound = false
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
        var candidates: [CommandCandidate] = []
        for entry in book.entries {
            for var candidate in Self.found(entry, in: words, confirmedBy: order) {
                var call = Self.call(before: candidate.match, calls)
                if call == nil, candidate.match.words.lowerBound >= start { call = wake }
                candidate.match.attentionText = call
                if entry.needsAttention, call == nil { continue }
                candidates.append(candidate)
            }
        }
        let clear = CommandCandidate.clear(candidates, among: words.count, from: start, besides: calls)
        return CommandCandidate.apart(clear).map(\.match)
    }

    /// What a text is that has every word of a command, or of a call for attention, and none besides.
    ///
    /// - Parameters:
    ///   - text: As a grammar of the book has it.
    ///   - before: What was said shortly before, where a call for attention may end; nil where there may have been one.
    ///   - score: How well the sound bears it out, 0 to 100.
    /// - Returns: The command, whose words are all of the text; nil where there is none.
    package func order(_ text: String, after before: String? = "", score: Double) -> CommandMatch? {
        let words = PlainText.words(of: text)
        let reading = PhraseReading(words: words)
        for entry in book.entries {
            for phrase in entry.phrases {
                for (start, call) in calls(in: reading, before: before ?? "") {
                    guard call != nil || before == nil || !entry.needsAttention, score >= entry.threshold,
                        let slots = reading.ends(of: phrase.tree, from: start)[words.count]
                    else { continue }
                    return CommandMatch(
                        name: entry.name, slots: slots, pattern: phrase.text,
                        matchedText: words[start...].joined(separator: " "), words: 0..<words.count, score: score,
                        isBySound: true, attentionText: call, effect: entry.effect)
                }
            }
        }
        return nil
    }

    /// Whether a text is a call for attention and nothing besides.
    package func isCall(_ text: String, score: Double) -> Bool {
        let reading = PhraseReading(words: PlainText.words(of: text))
        return score >= book.attention?.threshold ?? .infinity
            && calls(in: reading, before: "").contains { $0.call != nil && $0.end == reading.words.count }
    }

    /// The last call for attention in a text that no command follows; nil where there is none.
    package func call(in text: String) -> CommandMatch? {
        let words = Self.words(text)
        let found = book.attention.map { Self.found($0, in: words, confirmedBy: nil) } ?? []
        guard let call = CommandCandidate.clear(found, among: words.count).last?.match else { return nil }
        return matches(in: text).contains { $0.words.lowerBound >= call.words.upperBound } ? nil : call
    }

    /// Where a command may begin in a text, and what called for attention before it.
    private func calls(in reading: PhraseReading, before: String) -> [(end: Int, call: String?)] {
        let earlier = Self.words(before)
        let last = book.attention.flatMap { Self.found($0, in: earlier, confirmedBy: nil).last?.match }
        let isNear = last.map { earlier.count - $0.words.upperBound < Self.attentionReach } ?? false
        let own = (book.attention?.phrases ?? []).flatMap { reading.ends(of: $0.tree, from: 0).keys }
        return own.sorted(by: >).map { ($0, reading.words[..<$0].joined(separator: " ")) }
            + [(0, isNear ? last?.matchedText : nil)]
    }

    private static func words(_ text: String) -> [[Character]] {
        PlainText.words(of: text).prefix(wordLimit).map { Array($0) }
    }

    /// The attention phrase that a command follows.
    private static func call(before match: CommandMatch, _ calls: [CommandCandidate]) -> String? {
        calls.map(\.match).last { call in
            call.words.upperBound <= match.words.lowerBound
                && match.words.lowerBound - call.words.upperBound < attentionReach
        }?.matchedText
    }

    private static func found(
        _ entry: CommandBook.Entry, in words: [[Character]], confirmedBy order: [[Character]]?
    ) -> [CommandCandidate] {
        var found: [CommandCandidate] = []
        let said = words.map { String($0) }
        for phrase in entry.phrases {
            if phrase.forms.isEmpty {
                found += exact(entry, phrase, in: said).map { CommandCandidate($0, of: entry, isConfirmed: false) }
            }
            for form in phrase.forms {
                let isConfirmed =
                    order.map { !form.hasOpenSlot && !FormSearch(form, threshold: 100, words: $0).hits().isEmpty }
                    ?? false
                let threshold = isConfirmed ? min(entry.threshold, confirmedThreshold) : entry.threshold
                let search = FormSearch(form, threshold: threshold, words: words, isConfirmed: isConfirmed)
                for hit in search.hits() {
                    let match = CommandMatch(
                        name: entry.name, slots: hit.slots, pattern: phrase.text,
                        matchedText: words[hit.words].map { String($0) }.joined(separator: " "), words: hit.words,
                        score: hit.score, effect: entry.effect)
                    found.append(CommandCandidate(match, of: entry, isConfirmed: isConfirmed))
                }
            }
        }
        return CommandCandidate.apart(found)
    }

    /// Where a phrase stands word by word; from each place as long as it can be.
    private static func exact(_ entry: CommandBook.Entry, _ phrase: Phrase, in words: [String]) -> [CommandMatch] {
        let reading = PhraseReading(words: words)
        return words.indices.compactMap { start in
            guard let (end, slots) = reading.ends(of: phrase.tree, from: start).max(by: { $0.key < $1.key }),
                end > start
            else { return nil }
            return CommandMatch(
                name: entry.name, slots: slots, pattern: phrase.text,
                matchedText: words[start..<end].joined(separator: " "), words: start..<end, score: 100,
                effect: entry.effect)
        }
    }
}
