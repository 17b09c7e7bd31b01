/// Reads words that are exactly as a phrase has them.
struct PhraseReading {
    /// Where a reading ends, and what its slots hold.
    typealias Ends = [Int: [String: String]]

    let words: [String]

    /// A slot takes at most so many words.
    static let slotLimit = 8
    /// More slots and small words than anybody says in one breath.
    private static let mixtureLimit = 24

    /// All places where the phrase may end if it begins at `start`.
    func ends(of node: PhraseNode, from start: Int, slots: [String: String] = [:]) -> Ends {
        switch node {
        case .words(let text):
            let wanted = text.split(separator: " ")
            guard start + wanted.count <= words.count,
                zip(wanted, words[start...]).allSatisfy({ $0 == $1 })
            else { return [:] }
            return [start + wanted.count: slots]
        case .sequence(let parts):
            return parts.reduce(into: [start: slots]) { ends, part in ends = next(part, after: ends) }
        case .choice(let parts):
            return parts.reduce(into: [:]) { ends, part in
                ends.merge(self.ends(of: part, from: start, slots: slots)) { first, _ in first }
            }
        case .mixture(let parts):
            var all: Ends = [:]
            var last: Ends = [start: slots]
            for _ in 0..<Self.mixtureLimit where !last.isEmpty {
                last = next(.choice(parts), after: last).filter { all[$0.key] == nil }
                all.merge(last) { first, _ in first }
            }
            return all
        case .slot(let name, let values?):
            var ends = ends(of: values, from: start, slots: slots)
            for end in ends.keys { ends[end]?[name] = text(start..<end) }
            return ends
        case .slot(let name, nil):
            let reach = min(Self.slotLimit, words.count - start)
            guard reach > 0 else { return [:] }
            return (1...reach).reduce(into: [:]) { ends, count in
                ends[start + count] = slots.merging([name: text(start..<start + count)]) { $1 }
            }
        }
    }

    private func next(_ node: PhraseNode, after ends: Ends) -> Ends {
        var found: Ends = [:]
        for (end, slots) in ends.sorted(by: { $0.key < $1.key }) {
            found.merge(self.ends(of: node, from: end, slots: slots)) { first, _ in first }
        }
        return found
    }

    private func text(_ range: Range<Int>) -> String { words[range].joined(separator: " ") }
}
