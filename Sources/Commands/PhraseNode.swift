/// The ways to say a phrase, as a tree.
indirect enum PhraseNode: Hashable, Sendable {
    /// Words in lower case, one space between them.
    case words(String)
    case sequence([PhraseNode])
    case choice([PhraseNode])
    /// One or more of them, in any order, one of them twice at most.
    case mixture([PhraseNode])
    /// `values` is nil for any words.
    case slot(name: String, values: PhraseNode?)

    /// What may be missing.
    static func optional(_ node: PhraseNode) -> PhraseNode { .choice([node, .sequence([])]) }

    /// Whether it can only be said in an order that nobody can list.
    var hasMixture: Bool {
        switch self {
        case .words: false
        case .sequence(let parts), .choice(let parts): parts.contains(where: \.hasMixture)
        case .mixture: true
        case .slot(_, let values): values?.hasMixture ?? false
        }
    }

    /// Whether some words of it may be any.
    var hasOpenSlot: Bool {
        switch self {
        case .words: false
        case .sequence(let parts), .choice(let parts), .mixture(let parts): parts.contains(where: \.hasOpenSlot)
        case .slot(_, let values): values == nil
        }
    }
}

// What makes no phrase
extension PhraseNode {
    /// Whether it can be said without any word of its own.
    var mayBeWordless: Bool {
        switch self {
        case .words: false
        case .sequence(let parts): parts.allSatisfy(\.mayBeWordless)
        case .choice(let parts), .mixture(let parts): parts.contains(where: \.mayBeWordless)
        case .slot(_, let values): values?.mayBeWordless ?? true
        }
    }

    /// The names of all slots, each as often as it is there.
    var slotNames: [String] {
        switch self {
        case .words: []
        case .sequence(let parts), .choice(let parts), .mixture(let parts): parts.flatMap(\.slotNames)
        case .slot(let name, let values): [name] + (values?.slotNames ?? [])
        }
    }

    /// Every way to say it.
    ///
    /// - Throws: `tooManyForms` beyond `limit`.
    func forms(atMost limit: Int) throws(PhraseError) -> [PhraseForm] {
        switch self {
        case .words(let text): return [PhraseForm(parts: [.words(text)])]
        case .sequence(let parts):
            var forms = [PhraseForm()]
            for part in parts { forms = try Self.combine(forms, part.forms(atMost: limit), limit) }
            return forms
        case .choice(let parts):
            var forms: [PhraseForm] = []
            for part in parts { forms += try part.forms(atMost: limit) }
            guard forms.count <= limit else { throw .tooManyForms }
            return forms
        case .mixture: throw .tooManyForms
        case .slot(let name, nil): return [PhraseForm(parts: [.slot(name: name, choices: [])])]
        case .slot(let name, let values?):
            let choices = try values.forms(atMost: limit).map(\.plainText)
            return [PhraseForm(parts: [.slot(name: name, choices: choices)])]
        }
    }

    private static func combine(
        _ first: [PhraseForm], _ second: [PhraseForm], _ limit: Int
    ) throws(PhraseError) -> [PhraseForm] {
        guard first.count * second.count <= limit else { throw .tooManyForms }
        return first.flatMap { first in
            second.map { second in
                var form = first
                for part in second.parts { form.append(part) }
                return form
            }
        }
    }
}

// In the Java Speech Grammar Format
extension PhraseNode {
    /// Nil where it cannot be said in so many words, or not in letters that English has; an alternative that cannot is
    /// left out.
    var rule: String? {
        switch self {
        case .words(let text): return text.utf8.allSatisfy(Self.isSpeakable) ? text : nil
        case .sequence(let parts):
            if parts.isEmpty { return "<NULL>" }
            let rules = parts.compactMap(\.rule)
            return rules.count == parts.count ? rules.joined(separator: " ") : nil
        case .choice(let parts):
            let canBeMissing = parts.contains(.sequence([]))
            let rules = parts.filter { $0 != .sequence([]) }.compactMap(\.rule)
            if rules.isEmpty { return canBeMissing ? "<NULL>" : nil }
            let all = rules.joined(separator: " | ")
            return canBeMissing ? "[ \(all) ]" : "( \(all) )"
        case .mixture(let parts):
            let rules = parts.compactMap(\.rule)
            if rules.isEmpty { return nil }
            // No loop: pocketsphinx goes back from its end to the beginning of everything that may stand in its place.
            let one = "( \(rules.joined(separator: " | ")) )"
            return one + String(repeating: " [ \(one)", count: rules.count)
                + String(repeating: " ]", count: rules.count)
        case .slot(_, let values): return values?.rule
        }
    }

    private static func isSpeakable(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || " '".utf8.contains(byte)
    }

    /// Of the ways to say it that list every word; a mixture may be said twice over.
    var longestWordCount: Int {
        switch self {
        case .words(let text): text.count { $0 == " " } + 1
        case .sequence(let parts): parts.reduce(0) { $0 + $1.longestWordCount }
        case .choice(let parts): parts.map(\.longestWordCount).max() ?? 0
        case .mixture(let parts): 2 * parts.reduce(0) { $0 + $1.longestWordCount }
        case .slot(_, let values): values?.longestWordCount ?? 0
        }
    }

    /// How many words and brackets it has, which is what loading a grammar costs.
    var size: Int {
        switch self {
        case .words(let text): text.count { $0 == " " } + 1
        case .sequence(let parts), .choice(let parts): parts.reduce(1) { $0 + $1.size }
        case .mixture(let parts): (parts.count + 1) * parts.reduce(1) { $0 + $1.size }
        case .slot(_, let values): (values?.size ?? 0) + 1
        }
    }
}
