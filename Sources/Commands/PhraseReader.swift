/// Reads the characters of a phrase.
struct PhraseReader {
    private var rest: Substring
    private let slots: [String: PhraseSlot]
    /// How many brackets are open.
    private var depth = 0
    private var isInSlot = false
    private var isInMixture = false

    /// Deeper nesting than anybody reads is not followed.
    private static let depthLimit = 16
    private static let marks = "[](){}<>|"
    private static let closing: [Character: Character] = ["[": "]", "(": ")", "<": ">"]

    init(_ text: String, slots: [String: PhraseSlot]) {
        rest = text[...]
        self.slots = slots
    }

    mutating func readAll() throws(PhraseError) -> PhraseNode {
        .sequence([try readChoice(until: nil, mayPart: false)])
    }

    /// What may be said for a slot, to the end of the text.
    mutating func readValues() throws(PhraseError) -> PhraseNode {
        isInSlot = true
        return try checked(readChoice(until: nil, mayPart: true))
    }

    /// Values need words, and slots within slots mean nothing.
    private func checked(_ values: PhraseNode) throws(PhraseError) -> PhraseNode {
        guard !values.mayBeWordless, !values.hasMixture else { throw .badSlot }
        if case .choice(let all) = values, all.contains(where: \.mayBeWordless) { throw .badSlot }
        return values
    }

    /// Reads up to the closing character, which is taken; nil reads to the end.
    private mutating func readChoice(until end: Character?, mayPart: Bool) throws(PhraseError) -> PhraseNode {
        guard depth <= Self.depthLimit else { throw .unbalanced }
        depth += 1
        defer { depth -= 1 }
        var all: [PhraseNode] = []
        var parts: [PhraseNode] = []
        while let next = rest.first {
            switch next {
            case "[", "(", "<":
                rest.removeFirst()
                parts.append(try readBracket(next))
            case "{":
                guard !isInSlot else { throw .badSlot }
                rest.removeFirst()
                parts.append(try readSlot())
            case "|" where mayPart:
                rest.removeFirst()
                all.append(.sequence(parts))
                parts = []
            case _ where Self.marks.contains(next):
                guard next == end else { throw .unbalanced }
                rest.removeFirst()
                return Self.choice(all + [.sequence(parts)])
            default: if let words = readWords() { parts.append(.words(words)) }
            }
        }
        guard end == nil else { throw .unbalanced }
        return Self.choice(all + [.sequence(parts)])
    }

    private static func choice(_ all: [PhraseNode]) -> PhraseNode { all.count == 1 ? all[0] : .choice(all) }

    private mutating func readBracket(_ opening: Character) throws(PhraseError) -> PhraseNode {
        if opening == "<" {
            guard !isInMixture else { throw .badMixture }
            isInMixture = true
        }
        let inner = try readChoice(until: Self.closing[opening], mayPart: true)
        switch opening {
        case "[": return .optional(inner)
        case "<":
            isInMixture = false
            let parts = if case .choice(let parts) = inner { parts } else { [inner] }
            guard !parts.contains(where: { $0.mayBeWordless || $0.hasOpenSlot }) else { throw .badMixture }
            return .mixture(parts)
        default: return inner
        }
    }

    private mutating func readWords() -> String? {
        let text = rest.prefix { !Self.marks.contains($0) }
        rest = rest[text.endIndex...]
        let words = PlainText.words(of: String(text))
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private mutating func readSlot() throws(PhraseError) -> PhraseNode {
        let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty else { throw rest.contains("}") ? .badSlot : .unbalanced }
        switch rest.popFirst() {
        case "}": return .slot(name: name, values: slots[name]?.values)
        case ":":
            isInSlot = true
            defer { isInSlot = false }
            return .slot(name: name, values: try checked(readChoice(until: "}", mayPart: true)))
        case nil: throw .unbalanced
        default: throw .badSlot
        }
    }
}
