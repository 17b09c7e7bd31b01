package import SpokenText
package import VoiceCore

/// Turns the word times of a piece into those of the caller's text.
///
/// Words that stand for one stretch of the original become one: of `$5.20` nothing counts as heard before its last word.
package struct WordTranslation: Sendable {
    private let text: MappedText
    private let start: Duration
    /// A word whose stretch of the original goes on.
    private var open: WordTime?

    /// - Parameter start: Of the piece in the job.
    package init(_ text: MappedText, from start: Duration) {
        self.text = text
        self.start = start
    }

    /// - Parameter times: Offsets in the piece, times from its first sample.
    /// - Returns: The words that are complete; offsets in the caller's text, times from the job's first sample.
    package mutating func translate(_ times: [WordTime]) -> [WordTime] {
        var words: [WordTime] = []
        for time in times {
            let end = time.characterOffset + time.characterCount
            guard time.characterCount > 0, let origin = text.origin(of: time.characterOffset..<end) else { continue }
            words += add(
                WordTime(
                    characterOffset: origin.lowerBound, characterCount: origin.count, start: time.start + start,
                    end: time.end + start))
            if text.endOfToken(end) == end { words += finish() }
        }
        return words
    }

    /// The word that is left when the engine has no more.
    package mutating func finish() -> [WordTime] {
        defer { open = nil }
        return open.map { [$0] } ?? []
    }

    private mutating func add(_ word: WordTime) -> [WordTime] {
        guard var known = open, word.characterOffset < known.characterOffset + known.characterCount else {
            defer { open = word }
            return finish()
        }
        let end = max(known.characterOffset + known.characterCount, word.characterOffset + word.characterCount)
        known.characterCount = end - known.characterOffset
        known.end = max(known.end, word.end)
        open = known
        return []
    }
}
