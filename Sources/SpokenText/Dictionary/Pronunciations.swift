/// A dictionary of pronunciations.
///
/// Of several that fit, one with a condition about its neighbours goes before one without, a longer term before a
/// shorter one, and else the first.
package struct Pronunciations: Hashable, Sendable {
    /// How many entries a dictionary may have; those beyond are reported and left out.
    package static let limit = 10_000

    /// A term found in a text.
    struct Match {
        var end: Int
        var words: String?
        var ipa: String?
    }

    private struct Entry: Hashable, Sendable {
        let pronunciation: Pronunciation
        let term: [Unicode.Scalar]
    }

    /// By the first word of the term, or its first sign, in lower case.
    private var entries: [String: [Entry]] = [:]
    package private(set) var count = 0

    package init(_ pronunciations: [Pronunciation] = []) {
        for pronunciation in pronunciations.prefix(Self.limit) where !pronunciation.term.isEmpty {
            let term = Array(pronunciation.term.unicodeScalars)
            entries[Self.key(TextWindow(term), 0), default: []].append(Entry(pronunciation: pronunciation, term: term))
            count += 1
        }
        for (key, list) in entries {
            entries[key] = list.enumerated().sorted { Self.precedes($0, $1) }.map(\.element)
        }
    }

    private static func precedes(_ one: (offset: Int, element: Entry), _ other: (offset: Int, element: Entry)) -> Bool {
        let (first, second) = (one.element, other.element)
        if first.term.count != second.term.count { return first.term.count > second.term.count }
        if first.pronunciation.isConditional != second.pronunciation.isConditional {
            return first.pronunciation.isConditional
        }
        return one.offset < other.offset
    }

    private static func key(_ text: TextWindow, _ index: Int) -> String {
        let end = text.endOfWord(index)
        return text.string(index..<max(end, index + 1)).lowercased()
    }

    /// The pronunciation of what stands at a place.
    func entry(_ text: TextWindow, _ index: Int, _ language: String) -> Match? {
        guard !entries.isEmpty, !text[index].isWordPart || text.isWordStart(index),
            let list = entries[Self.key(text, index)]
        else { return nil }
        for entry in list {
            if let end = end(of: entry, text, index), fits(entry.pronunciation, text, index..<end, language) {
                return Match(end: end, words: entry.pronunciation.words, ipa: entry.pronunciation.ipa)
            }
        }
        return nil
    }

    /// - Returns: The place behind the term; a boundary of words is asked for only where the term has a letter.
    private func end(of entry: Entry, _ text: TextWindow, _ index: Int) -> Int? {
        var place = index
        let isExact = entry.pronunciation.isCaseSensitive
        for scalar in entry.term {
            let own = text[place]
            guard own == scalar || !isExact && own.properties.lowercaseMapping == scalar.properties.lowercaseMapping
            else {
                return nil
            }
            place += 1
        }
        if entry.term.last?.isWordPart ?? false, !text.isWordEnd(place) { return nil }
        return place
    }

    private func fits(
        _ pronunciation: Pronunciation, _ text: TextWindow, _ range: Range<Int>, _ language: String
    ) -> Bool {
        if let wanted = pronunciation.language, !language.lowercased().hasPrefix(wanted.lowercased()) { return false }
        guard pronunciation.isConditional else { return true }
        let neighbours = Neighbours(text, range)
        let (before, after, near) = (pronunciation.before, pronunciation.after, pronunciation.near)
        return (before.isEmpty || neighbours.next.first.map(before.contains) ?? false)
            && (after.isEmpty || neighbours.previous.first.map(after.contains) ?? false)
            && (near.isEmpty || (neighbours.next + neighbours.previous).contains(where: near.contains))
    }
}

/// The words around a place, the nearest first, in lower case.
private struct Neighbours {
    private static let count = 3
    private static let reach = 80

    var next: [String] = []
    var previous: [String] = []

    init(_ text: TextWindow, _ range: Range<Int>) {
        var place = range.upperBound
        while next.count < Self.count, place < min(text.count, range.upperBound + Self.reach) {
            let end = text.endOfWord(place)
            if end > place { next.append(text.string(place..<end).lowercased()) }
            place = max(end, place + 1)
        }
        place = range.lowerBound
        while previous.count < Self.count, place > max(0, range.lowerBound - Self.reach) {
            var start = place
            while text[start - 1].isWordPart, place - start < TextWindow.wordLimit { start -= 1 }
            if start < place { previous.append(text.string(start..<place).lowercased()) }
            place = min(start, place - 1)
        }
    }
}
