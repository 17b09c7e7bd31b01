/// What may be a command, before the rest of its sentence is looked at.
struct CommandCandidate {
    /// In a long sentence some words or others are half like a phrase ("possession and" like "session end", "counter" like
    /// "computer"), so that one said in passing may differ by half as much as one that is most of what was said.
    private static let leewayInPassing = 0.5

    var match: CommandMatch
    /// How alike it must be where it is the lesser part of its sentence; nil for no more than elsewhere.
    private let scoreInPassing: Double?

    /// - Parameter isConfirmed: Whether the sound points to it, too.
    init(_ match: CommandMatch, of entry: CommandBook.Entry, isConfirmed: Bool) {
        self.match = match
        // What ends a draft is listened for only inside one, and hardly said there by chance.
        let isExempt = isConfirmed || entry.effect == .ends
        scoreInPassing = isExempt ? nil : 100 - Self.leewayInPassing * (100 - entry.threshold)
    }

    /// Whether somebody who says this gives the command.
    ///
    /// - Parameter others: The words of its sentence that belong to no candidate.
    func isClear(among others: Int) -> Bool {
        guard let scoreInPassing, match.attentionText == nil, others > match.words.count else { return true }
        return match.score >= scoreInPassing
    }

    /// The best ones of those that share words; of equals the longer one, then the one said first.
    static func apart(_ candidates: [CommandCandidate]) -> [CommandCandidate] {
        let ranked = candidates.sorted {
            let (one, other) = ($0.match, $1.match)
            return (one.score, one.words.count, -one.words.lowerBound)
                > (other.score, other.words.count, -other.words.lowerBound)
        }
        var taken: [CommandCandidate] = []
        for candidate in ranked where !taken.contains(where: { $0.match.words.overlaps(candidate.match.words) }) {
            taken.append(candidate)
        }
        return taken.sorted { $0.match.words.lowerBound < $1.match.words.lowerBound }
    }

    /// Those that are clear in what was said.
    ///
    /// - Parameters:
    ///   - count: The words that were said.
    ///   - start: Where the sentence begins of those that do not begin before it.
    ///   - more: What else takes words.
    static func clear(
        _ candidates: [CommandCandidate], among count: Int, from start: Int = 0, besides more: [CommandCandidate] = []
    ) -> [CommandCandidate] {
        let taken = Set((candidates + more).flatMap { Array($0.match.words) })
        return candidates.filter { candidate in
            let sentence = min(start, candidate.match.words.lowerBound)..<count
            return candidate.isClear(among: sentence.count { !taken.contains($0) })
        }
    }
}
