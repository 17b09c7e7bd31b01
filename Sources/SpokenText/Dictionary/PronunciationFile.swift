/// What is wrong in a file of pronunciations.
package struct PronunciationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of a problem.
    package enum Kind: Hashable, Sendable {
        /// The file is no JSON from here on; nothing of it is used.
        case syntax(String)
        /// The file is JSON, but no dictionary.
        case noDictionary
        /// The entry has no `term`, or an empty one.
        case noTerm
        /// The entry says neither how to speak its term nor how to pronounce it.
        case noPronunciation(term: String)
        /// A member has a value of the wrong kind; the entry is left out.
        case badMember(name: String)
        /// A member that is not known; the entry is used nevertheless.
        case unknownMember(name: String)
        /// The term is there already under the same conditions; the first one counts.
        case repeated(term: String, firstLine: Int)
        /// There are more entries than `Pronunciations.limit`.
        case tooMany
    }

    /// Counted from 1.
    package var line: Int
    package var kind: Kind

    package var description: String { "line \(line): \(reason)" }

    private var reason: String {
        switch kind {
        case .syntax(let reason): reason
        case .noDictionary: "an object of terms, or with an array \"replacements\", is expected"
        case .noTerm: "the entry has no term"
        case .noPronunciation(let term): "\"\(term)\" has neither \"phonetic\" nor \"ipa\""
        case .badMember(let name): "\"\(name)\" has a value of the wrong kind"
        case .unknownMember(let name): "\"\(name)\" is not known"
        case .repeated(let term, let line): "\"\(term)\" is on line \(line) already"
        case .tooMany: "more than \(Pronunciations.limit) entries"
        }
    }
}

/// The file of a pronunciation dictionary; `Docs/Text.md` describes it.
package struct PronunciationFile: Hashable, Sendable {
    package private(set) var pronunciations = Pronunciations()
    /// In the order of their lines.
    package private(set) var problems: [PronunciationProblem] = []

    /// Reads a file; entries that cannot be used are reported and left out.
    ///
    /// - Throws: `PronunciationProblem` where nothing of the file can be used.
    package init(_ text: String) throws(PronunciationProblem) {
        let root = try LineJSONParser.parse(text)
        guard let members = root.members else { throw PronunciationProblem(line: root.line, kind: .noDictionary) }
        var entries: [Pronunciation] = []
        if let list = members.first(where: { $0.name == "replacements" })?.value, list.text == nil {
            guard let elements = list.elements else { throw PronunciationProblem(line: list.line, kind: .noDictionary) }
            entries = elements.compactMap { entry($0) }
        } else {
            entries = members.compactMap { flat($0) }
        }
        pronunciations = Pronunciations(unique(entries))
        if entries.count > Pronunciations.limit {
            report(entries[Pronunciations.limit].line, .tooMany)
        }
        problems.sort { $0.line < $1.line }
    }

    private mutating func report(_ line: Int, _ kind: PronunciationProblem.Kind) {
        problems.append(PronunciationProblem(line: line, kind: kind))
    }

    private mutating func unique(_ entries: [Pronunciation]) -> [Pronunciation] {
        var known: [Pronunciation: Int] = [:]
        return entries.filter { entry in
            var key = entry
            (key.words, key.ipa, key.line) = (nil, nil, 0)
            if let line = known[key] {
                report(entry.line, .repeated(term: entry.term, firstLine: line))
                return false
            }
            known[key] = entry.line
            return true
        }
    }

    /// `"term": "phonetic"`.
    private mutating func flat(_ member: LineJSON.Member) -> Pronunciation? {
        guard !member.name.isEmpty else { return refuse(member.value.line, .noTerm) }
        guard let words = member.value.text else { return refuse(member.value.line, .badMember(name: member.name)) }
        var entry = Pronunciation(term: member.name, words: words)
        entry.line = member.value.line
        return entry
    }

    private mutating func refuse(_ line: Int, _ kind: PronunciationProblem.Kind) -> Pronunciation? {
        report(line, kind)
        return nil
    }

    private mutating func entry(_ json: LineJSON) -> Pronunciation? {
        guard let members = json.members else { return refuse(json.line, .noTerm) }
        var entry = Pronunciation(term: "")
        entry.line = json.line
        for member in members {
            if Self.ignored.contains(member.name) { continue }
            guard let known = Self.set(member, in: &entry) else {
                report(member.value.line, .unknownMember(name: member.name))
                continue
            }
            guard known else { return refuse(member.value.line, .badMember(name: member.name)) }
        }
        guard !entry.term.isEmpty else { return refuse(json.line, .noTerm) }
        guard entry.words != nil || entry.ipa != nil else {
            return refuse(json.line, .noPronunciation(term: entry.term))
        }
        return entry
    }

    /// Members for those who read the file.
    private static let ignored: Set<String> = ["note", "comment"]

    /// - Returns: False for a value of the wrong kind, nil for a member that is not known.
    private static func set(_ member: LineJSON.Member, in entry: inout Pronunciation) -> Bool? {
        let text = member.value.text
        switch member.name {
        case "term": entry.term = text ?? ""
        case "phonetic": entry.words = text
        case "ipa": entry.ipa = text
        case "language": entry.language = text
        case "case":
            guard let matching = text.flatMap(Pronunciation.Case.init(rawValue:)) else { return false }
            entry.matching = matching
        case "before": return words(member.value).map { entry.before = $0 } != nil
        case "after": return words(member.value).map { entry.after = $0 } != nil
        case "near": return words(member.value).map { entry.near = $0 } != nil
        default: return nil
        }
        return text != nil
    }

    private static func words(_ json: LineJSON) -> [String]? {
        if let word = json.text { return [word.lowercased()] }
        guard let elements = json.elements, !elements.isEmpty else { return nil }
        let words = elements.compactMap(\.text)
        return words.count == elements.count ? words.map { $0.lowercased() } : nil
    }
}
