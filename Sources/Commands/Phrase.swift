/// A phrase as it stands in a book of commands: words, `[words that may be missing]`, `(one|or another)`, `{slots}`.
///
/// A slot takes one to eight words, whatever they are; `{room:kitchen|living room}` takes one of those.
package struct Phrase: Hashable, Sendable {
    /// As it was written.
    package let text: String
    /// Every way to say it.
    let forms: [PhraseForm]

    /// So many ways are more than anybody means; a phrase of nine optional words would have 512.
    static let formLimit = 256

    package init(_ text: String) throws(PhraseError) {
        self.text = text
        var reader = PhraseReader(text)
        forms = try reader.readAll()
    }
}

/// Why a text is no phrase.
package enum PhraseError: Error, Hashable, Sendable {
    case empty
    /// A bracket without its other half, or one where none may be.
    case unbalanced
    /// A slot without a name, or two with the same one.
    case badSlot
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

    mutating func append(_ part: Part) {
        if case .words(let next) = part, case .words(let last)? = parts.last {
            parts[parts.count - 1] = .words(last + " " + next)
        } else {
            parts.append(part)
        }
    }
}

/// Reads the characters of a phrase.
private struct PhraseReader {
    private var rest: Substring
    /// How many brackets are open.
    private var depth = 0

    /// Deeper nesting than anybody reads is not followed.
    private static let depthLimit = 16

    init(_ text: String) { rest = text[...] }

    mutating func readAll() throws(PhraseError) -> [PhraseForm] {
        let forms = try readSequence(until: nil)
        for form in forms { try check(form) }
        guard !forms.contains(where: \.parts.isEmpty), !forms.isEmpty else { throw .empty }
        return forms
    }

    private func check(_ form: PhraseForm) throws(PhraseError) {
        var names: Set<String> = []
        var hasWords = form.parts.isEmpty
        for (index, part) in form.parts.enumerated() {
            guard case .slot(let name, let choices) = part else {
                hasWords = true
                continue
            }
            if !names.insert(name).inserted { throw .badSlot }
            if !choices.isEmpty { hasWords = true }
            if index > 0, case .slot(_, let before) = form.parts[index - 1], before.isEmpty, choices.isEmpty {
                throw .slotsTouch
            }
        }
        // A slot alone would take everything.
        if !hasWords { throw .empty }
    }

    /// Reads up to the closing character, which is taken; nil reads to the end.
    private mutating func readSequence(until end: Character?) throws(PhraseError) -> [PhraseForm] {
        guard depth <= Self.depthLimit else { throw .unbalanced }
        depth += 1
        defer { depth -= 1 }
        var all: [PhraseForm] = []
        var forms = [PhraseForm()]
        while let next = rest.first {
            switch next {
            case "[", "(":
                rest.removeFirst()
                let inner = try readSequence(until: next == "[" ? "]" : ")")
                let choices = next == "[" ? inner + [PhraseForm()] : inner
                forms = try Self.combine(forms, choices)
            case "{":
                rest.removeFirst()
                forms = try Self.combine(forms, [PhraseForm(parts: [try readSlot()])])
            case "|" where end != nil:
                rest.removeFirst()
                all += forms
                forms = [PhraseForm()]
            case "]", ")", "}", "|":
                guard next == end else { throw .unbalanced }
                rest.removeFirst()
                return all + forms
            default:
                forms = try Self.combine(forms, readWords().map { [PhraseForm(parts: [.words($0)])] } ?? [PhraseForm()])
            }
        }
        guard end == nil else { throw .unbalanced }
        return forms
    }

    private mutating func readWords() -> String? {
        let text = rest.prefix { !"[](){}|".contains($0) }
        rest = rest[text.endIndex...]
        let words = PlainText.words(of: String(text))
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private mutating func readSlot() throws(PhraseError) -> PhraseForm.Part {
        guard let end = rest.firstIndex(of: "}") else { throw .unbalanced }
        let text = rest[..<end]
        rest = rest[rest.index(after: end)...]
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { throw .badSlot }
        guard parts.count == 2 else { return .slot(name: name, choices: []) }
        let choices = parts[1].split(separator: "|").map { PlainText.words(of: String($0)).joined(separator: " ") }
        guard !choices.isEmpty, !choices.contains("") else { throw .badSlot }
        return .slot(name: name, choices: choices)
    }

    private static func combine(
        _ first: [PhraseForm], _ second: [PhraseForm]
    ) throws(PhraseError) -> [PhraseForm] {
        guard first.count * second.count <= Phrase.formLimit else { throw .tooManyForms }
        return first.flatMap { first in
            second.map { second in
                var form = first
                for part in second.parts { form.append(part) }
                return form
            }
        }
    }
}
