/// A phrase as it stands in a book of commands: words, `[words that may be missing]`, `(one|or another)`, `{slots}` and
/// `<several|in any|order>`.
///
/// A slot takes one to eight words, whatever they are; `{room:kitchen|living room}` takes one of those.
package struct Phrase: Hashable, Sendable {
    /// As it was written.
    package let text: String
    let tree: PhraseNode
    /// Every way to say it; none where some of it comes in any order, so that only the very words count.
    let forms: [PhraseForm]

    /// So many ways are more than anybody means; a phrase of nine optional words would have 512.
    static let formLimit = 256

    /// - Parameter slots: What may be said for slots whose phrase does not tell.
    package init(_ text: String, slots: [String: PhraseSlot] = [:]) throws(PhraseError) {
        self.text = text
        var reader = PhraseReader(text, slots: slots)
        tree = try reader.readAll()
        if tree.mayBeWordless { throw .empty }
        forms = tree.hasMixture ? [] : try tree.forms(atMost: Self.formLimit)
        for form in forms { try form.check() }
    }
}

/// What may be said for a slot, for all phrases of a book: `small|medium|(eight|twelve) ounce`.
package struct PhraseSlot: Hashable, Sendable {
    let values: PhraseNode

    package init(_ text: String) throws(PhraseError) {
        var reader = PhraseReader(text, slots: [:])
        values = try reader.readValues()
    }
}

/// Why a text is no phrase.
package enum PhraseError: Error, Hashable, Sendable {
    case empty
    /// A bracket without its other half, or one where none may be.
    case unbalanced
    /// A slot without a name, or two with the same one.
    case badSlot
    /// Any words, or several in any order, within several in any order.
    case badMixture
    /// Two slots without a word between them: nobody can tell where one ends.
    case slotsTouch
    /// More than 256 ways to say it.
    case tooManyForms
}

/// One way to say a phrase.
struct PhraseForm: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        /// Words in lower case, one space between them.
        case words(String)
        /// `choices` is empty for any words.
        case slot(name: String, choices: [String])
    }

    var parts: [Part] = []

    /// Whether some words of it may be any.
    var hasOpenSlot: Bool {
        parts.contains { if case .slot(_, let choices) = $0 { choices.isEmpty } else { false } }
    }

    /// Its words, for what has no slots.
    var plainText: String {
        parts.compactMap { if case .words(let text) = $0 { text } else { nil } }.joined(separator: " ")
    }

    mutating func append(_ part: Part) {
        if case .words(let next) = part, case .words(let last)? = parts.last {
            parts[parts.count - 1] = .words(last + " " + next)
        } else {
            parts.append(part)
        }
    }
}

extension PhraseForm {
    /// Whether a slot is there twice, or two touch.
    func check() throws(PhraseError) {
        var names: Set<String> = []
        for (index, part) in parts.enumerated() {
            guard case .slot(let name, let choices) = part else { continue }
            if !names.insert(name).inserted { throw .badSlot }
            if index > 0, case .slot(_, let before) = parts[index - 1], before.isEmpty, choices.isEmpty {
                throw .slotsTouch
            }
        }
    }
}
