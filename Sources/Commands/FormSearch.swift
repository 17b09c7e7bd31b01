/// Looks for one way to say a phrase among words.
struct FormSearch {
    struct Hit: Hashable {
        var words: Range<Int>
        var score: Double
        var slots: [String: String] = [:]
    }

    private let form: PhraseForm
    private let threshold: Double
    private let words: [[Character]]
    /// Whether something else than the text speaks for the phrase; then not every word of it need be there.
    private let isConfirmed: Bool

    init(_ form: PhraseForm, threshold: Double, words: [[Character]], isConfirmed: Bool = false) {
        self.isConfirmed = isConfirmed
        self.form = form
        self.threshold = threshold
        self.words = words
    }

    /// The best hit from each place on where there is one.
    func hits() -> [Hit] {
        words.indices.compactMap { start in
            let best = continuations(of: 0, from: start).max {
                ($0.weighted / $0.weight, -$0.end) < ($1.weighted / $1.weight, -$1.end)
            }
            guard let best, best.end > start else { return nil }
            return Hit(words: start..<best.end, score: best.weighted / best.weight, slots: best.slots)
        }
    }

    /// A way through the parts from some part on.
    private struct Way {
        var end: Int
        /// The characters of the words that were looked for, and how alike they were all together.
        var weight = 0.0
        var weighted = 0.0
        var slots: [String: String] = [:]
    }

    private func continuations(of index: Int, from start: Int) -> [Way] {
        guard index < form.parts.count else { return [Way(end: start)] }
        switch form.parts[index] {
        case .words(let wanted):
            return places(of: Array(wanted), from: start).flatMap { end, score in
                goOn(index, from: end, weight: Double(wanted.count), score: score)
            }
        case .slot(let name, let choices) where choices.isEmpty:
            let reach = min(PhraseReading.slotLimit, words.count - start)
            guard reach > 0 else { return [] }
            let isLast = index == form.parts.count - 1
            // The last slot takes what is left, another one as little as lets the rest follow.
            return (isLast ? reach...reach : 1...reach).flatMap { count in
                goOn(index, from: start + count, name: name, value: text(start..<start + count))
            }
        case .slot(let name, let choices):
            return choices.flatMap { choice in
                places(of: Array(choice), from: start).flatMap { end, score in
                    goOn(
                        index, from: end, weight: Double(choice.count), score: score, name: name, value: choice)
                }
            }
        }
    }

    private func goOn(
        _ index: Int, from end: Int, weight: Double = 0, score: Double = 0, name: String? = nil, value: String = ""
    ) -> [Way] {
        continuations(of: index + 1, from: end).map { way in
            var way = way
            way.weight += weight
            way.weighted += weight * score
            if let name { way.slots[name] = value }
            return way
        }
    }

    /// Where words that are alike enough end, if they begin at `start`.
    private func places(of wanted: [Character], from start: Int) -> [(end: Int, score: Double)] {
        guard start < words.count else { return [] }
        let count = wanted.count { $0 == " " } + 1
        var places: [(end: Int, score: Double)] = []
        // Engines part words where there is no gap, and join them where there is one.
        for length in max(1, count - 1)...(count + 1) where start + length <= words.count {
            let said = Array(words[start..<start + length].joined(separator: " "))
            let threshold = length < count ? max(threshold, Self.joinedThreshold) : threshold
            // Not even the same letters could be alike enough with lengths so different.
            let most = 200 * Double(min(said.count, wanted.count)) / Double(said.count + wanted.count)
            guard most >= threshold else { continue }
            let score = Likeness.score(said, wanted)
            guard score >= threshold, isConfirmed || hasEveryWord(of: wanted, in: words[start..<start + length]) else {
                continue
            }
            places.append((start + length, score))
        }
        return places
    }

    /// Whether every word was said in some way and in its order, since long words that agree hide a short one that does
    /// not.
    ///
    /// One letter alone is no evidence either way, and words that were joined cannot be told apart.
    private func hasEveryWord(of wanted: [Character], in said: ArraySlice<[Character]>) -> Bool {
        let wanted = wanted.split(separator: " ").map { Array($0) }
        if said.count < wanted.count { return true }
        var rest = said
        for word in wanted where word.count > 1 {
            guard let place = rest.firstIndex(where: { Likeness.score(word, $0) >= Self.wordThreshold }) else {
                return false
            }
            rest = rest[(place + 1)...]
        }
        return true
    }

    /// "is" for "this" has 67, "and" for "end" too; "the" for "end" 33, "grandfather" for "great" 50.
    private static let wordThreshold = 55.0

    /// Words that were joined differ by a space; with less than that a word is missing.
    private static let joinedThreshold = 90.0

    private func text(_ range: Range<Int>) -> String {
        words[range].map { String($0) }.joined(separator: " ")
    }
}
