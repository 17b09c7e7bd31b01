/// Finds the word that somebody probably meant.
enum Suggestion {
    /// - Returns: The candidate nearest to `word`, if it differs by at most a third of its letters (at least one, swaps
    ///   of neighbours counting once), or the only one that begins with it.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let beginning = candidates.filter { word.count >= 2 && $0.hasPrefix(word) }
        if beginning.count == 1 { return beginning[0] }
        let limit = max(1, word.count / 3)
        return
            candidates
            .map { (candidate: $0, distance: distance(Array(word), Array($0))) }
            .filter { $0.distance <= limit }
            .min { $0.distance < $1.distance }?
            .candidate
    }

    /// The number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                let isSwap = row > 0 && column > 0 && letter == right[column - 1] && left[row - 1] == other
                if isSwap { cost = min(cost, beforeLast[column - 1] + 1) }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
