/// Writes phrases in the tokens of a model, as its library wants them.
package struct PhraseWriter: Hashable, Sendable {
    private let scores: [String: Float]
    private let isUppercase: Bool
    private let longestPiece: Int

    /// What begins a word in most models' tokens.
    private static let wordStart = "\u{2581}"
    /// Any piece is better than none; without scores the fewest pieces win.
    private static let unknownScore: Float = -10

    /// - Parameter pieces: How likely each token is; nil where the model comes without (`bpe.model`).
    package init(_ tokens: ModelTokens, _ pieces: SentencePieces?) {
        var scores: [String: Float] = [:]
        for token in tokens.pieces where !token.hasPrefix("<") {
            scores[token] = pieces?.scores[token] ?? Self.unknownScore
        }
        self.scores = scores
        isUppercase = tokens.isUppercase
        longestPiece = scores.keys.map(\.count).max() ?? 0
    }

    /// A phrase's tokens; nil where the model has no signs for it.
    package func tokens(of phrase: String) -> [String]? {
        let phrase = isUppercase ? phrase.uppercased() : phrase.lowercased()
        var tokens: [String] = []
        for word in phrase.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "'" }) {
            guard let pieces = best(Array(Self.wordStart + word)) ?? best(Array(word)) else { return nil }
            tokens += pieces
        }
        return tokens.isEmpty ? nil : tokens
    }

    /// All phrases in one line, each with its place as its name; nil where the model has no signs for one.
    package func line(_ phrases: [String]) -> String? {
        var parts: [String] = []
        for (place, phrase) in phrases.enumerated() {
            guard let tokens = tokens(of: phrase) else { return nil }
            parts.append(tokens.joined(separator: " ") + " @\(place)")
        }
        return parts.joined(separator: "/")
    }

    /// The likeliest way to put a word together.
    private func best(_ word: [Character]) -> [String]? {
        var ways: [(score: Float, pieces: [String])?] = [(0, [])]
        for end in 1...word.count {
            var found: (score: Float, pieces: [String])?
            for start in max(0, end - longestPiece)..<end {
                let piece = String(word[start..<end])
                guard let way = ways[start], let score = scores[piece] else { continue }
                if found.map({ way.score + score > $0.score }) ?? true {
                    found = (way.score + score, way.pieces + [piece])
                }
            }
            ways.append(found)
        }
        return ways[word.count]?.pieces
    }
}
