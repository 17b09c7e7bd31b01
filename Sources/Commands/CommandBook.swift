/// The commands that are listened for, as a file of sections says them.
///
///     [attention]
///     phrase = (rupert|freddy) listen
///
///     [slots]
///     colour = red|(light|dark) green
///
///     [start_block]
///     phrase = start [a] [{colour}] new note
///     attention = required
///     threshold = 80
///     draft = begins
package struct CommandBook: Hashable, Sendable {
    /// One command: any of its phrases means it.
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var phrases: [Phrase] = []
        /// How alike what was said must be, 50 to 100.
        package var threshold: Double
        /// Whether it counts only right after an attention phrase.
        package var needsAttention = false
        /// The line that says so, from 1; nil where it was not said.
        var attentionLine: Int?
        /// What it does to a draft; nil for nothing.
        package var effect: DraftEffect?
    }

    /// What a command does to a draft.
    package enum DraftEffect: String, Hashable, Sendable {
        case begins, ends
    }

    /// What calls for attention; nil where nothing does.
    package private(set) var attention: Entry?
    package private(set) var entries: [Entry] = []

    /// Rapidfuzz's scale, as Palaver has it for the phrases that begin and end a block.
    static let usualThreshold = 75.0
    /// The same for attention phrases.
    static let attentionThreshold = 70.0

    /// A book is read again and again while people edit it; one of this size takes a millisecond for each utterance.
    static let phraseLimit = 500

    /// - Throws: What is wrong in which line.
    package init(_ text: String) throws(BookError) {
        var section: Entry?
        var phraseCount = 0
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { Self.trimmed($0.prefix { $0 != "#" }) }
        let slots = try BookSlots(lines)
        for (index, line) in lines.enumerated() {
            let number = index + 1
            if line.isEmpty || slots.lines.contains(number) { continue }
            if line.hasPrefix("[") {
                try finish(section, before: number)
                section = try Self.open(line, number)
            } else {
                guard var entry = section else { throw BookError(line: number, problem: .outsideSection) }
                if try Self.read(line, number, slots.values, into: &entry) { phraseCount += 1 }
                guard phraseCount <= Self.phraseLimit else { throw BookError(line: number, problem: .tooManyPhrases) }
                section = entry
            }
        }
        try finish(section, before: lines.count + 1)
    }

    private mutating func finish(_ section: Entry?, before number: Int) throws(BookError) {
        guard let section else { return }
        guard !section.phrases.isEmpty else { throw BookError(line: number, problem: .noPhrase(section.name)) }
        if section.name == "attention" {
            guard attention == nil else { throw BookError(line: number, problem: .twice(section.name)) }
            attention = section
        } else {
            guard !entries.contains(where: { $0.name == section.name }) else {
                throw BookError(line: number, problem: .twice(section.name))
            }
            entries.append(section)
        }
    }

    private static func open(_ line: String, _ number: Int) throws(BookError) -> Entry {
        let name = trimmed(line.dropFirst().prefix { $0 != "]" })
        guard line.hasSuffix("]"), !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "_.-".contains($0) })
        else { throw BookError(line: number, problem: .badSection) }
        return Entry(name: name, threshold: name == "attention" ? attentionThreshold : usualThreshold)
    }

    /// - Returns: Whether the line was a phrase.
    private static func read(
        _ line: String, _ number: Int, _ slots: [String: PhraseSlot], into entry: inout Entry
    ) throws(BookError) -> Bool {
        let parts = line.split(separator: "=", maxSplits: 1).map { trimmed($0) }
        guard parts.count == 2 else { throw BookError(line: number, problem: .noValue) }
        switch parts[0] {
        case "phrase":
            do {
                entry.phrases.append(try Phrase(parts[1], slots: slots))
            } catch {
                throw BookError(line: number, problem: .badPhrase(error))
            }
            return true
        case "threshold":
            guard let value = Double(parts[1]), (50...100).contains(value) else {
                throw BookError(line: number, problem: .badThreshold)
            }
            entry.threshold = value
        case "attention" where ["required", "optional"].contains(parts[1]):
            entry.needsAttention = parts[1] == "required"
            entry.attentionLine = number
        case "draft":
            guard let effect = DraftEffect(rawValue: parts[1]) else {
                throw BookError(line: number, problem: .badEffect)
            }
            entry.effect = effect
        default: throw BookError(line: number, problem: .unknownKey(parts[0]))
        }
        return false
    }

    /// The same book for one who is called by a phrase of his own: all but the ends of drafts counts only right after it.
    package func answering(to wake: Phrase) -> CommandBook {
        var book = self
        book.attention = Entry(name: "attention", phrases: [wake], threshold: Self.usualThreshold)
        for index in book.entries.indices where book.entries[index].effect != .ends {
            book.entries[index].needsAttention = true
        }
        return book
    }

    /// What can be read, and does not do what somebody who writes it expects; in the order of the file.
    package var warnings: [BookWarning] {
        guard attention == nil else { return [] }
        return entries.filter(\.needsAttention).compactMap { entry in
            entry.attentionLine.map { BookWarning(line: $0, command: entry.name) }
        }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        var rest = text[text.startIndex...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}

/// What is wrong with a book, and in which line.
package struct BookError: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Problem: Hashable, Sendable {
        case outsideSection
        /// Not `[name]`.
        case badSection
        /// A section without a phrase, or with a name that another one has.
        case noPhrase(String), twice(String)
        case noValue
        case unknownKey(String)
        case badPhrase(PhraseError)
        /// A slot's name that is none.
        case badSlotName(String)
        case badThreshold
        case badEffect
        case tooManyPhrases
    }

    /// From 1.
    package var line: Int
    package var problem: Problem

    package init(line: Int, problem: Problem) {
        self.line = line
        self.problem = problem
    }
}

extension BookError: CustomStringConvertible {
    package var description: String { "line \(line): \(reason)" }

    private var reason: String {
        switch problem {
        case .outsideSection: "there is no [command] above it"
        case .badSection: "a section is [name], of letters, digits, dots, dashes and underscores"
        case .noPhrase(let name): "[\(name)] ends without a phrase"
        case .twice(let name): "[\(name)] was there before"
        case .noValue: "it is not of the form key = value"
        case .unknownKey(let key): "\(key) is not phrase, threshold, draft or attention (required or optional)"
        case .badPhrase(.empty): "the phrase has no words of its own"
        case .badPhrase(.unbalanced): "a bracket has no other half"
        case .badPhrase(.badSlot): "a slot is {name} or {name:one|another} without slots in it, each name once"
        case .badPhrase(.slotsTouch): "two slots need a word between them"
        case .badPhrase(.tooManyForms): "there are more than \(Phrase.formLimit) ways to say it"
        case .badPhrase(.badMixture):
            "what comes in any order, <one|another>, has words of its own and nothing like it inside"
        case .badSlotName(let name): "\(name) is no name of a slot: letters, digits and underscores"
        case .badThreshold: "a threshold is from 50 to 100"
        case .badEffect: "a command begins or ends a draft: draft = begins, or draft = ends"
        case .tooManyPhrases: "there are more than \(CommandBook.phraseLimit) phrases"
        }
    }
}
