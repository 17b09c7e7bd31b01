package import VoiceCore

/// What two readings of an utterance by one engine say together: where they differ, the words of which it is more certain.
///
/// Measured with pocketsphinx: 23.3 % of 506 words wrong, where the first reading has 24.9 % and the second 24.1 %; of 133
/// others 29.3 %, where they have 30.1 % and 28.6 %. Each of them alone has recordings that it spoils.
package struct MergedReading {
    private let first: [TranscriptWord]
    private let second: [TranscriptWord]
    /// How many words the readings have in common from a place of the first and one of the second on.
    private var commonCounts: [[Int]]
    /// The surest words of both, in their order.
    package private(set) var words: [TranscriptWord] = []

    /// - Returns: Nil where one of them has no words, or none with a confidence.
    package init?(first: Transcript, second: Transcript) {
        guard first.isWeighed, second.isWeighed else { return nil }
        (self.first, self.second) = (first.words, second.words)
        commonCounts = Array(
            repeating: Array(repeating: 0, count: self.second.count + 1), count: self.first.count + 1)
        count()
        choose()
    }

    private mutating func count() {
        for one in first.indices.reversed() {
            for other in second.indices.reversed() {
                commonCounts[one][other] =
                    isSame(one, other)
                    ? commonCounts[one + 1][other + 1] + 1
                    : max(commonCounts[one + 1][other], commonCounts[one][other + 1])
            }
        }
    }

    /// Whether two words are one, said at one time.
    private func isSame(_ one: Int, _ other: Int) -> Bool {
        first[one].text == second[other].text && first[one].start < second[other].end
            && second[other].start < first[one].end
    }

    /// Goes through both, and decides whenever they come together again.
    private mutating func choose() {
        var (one, other) = (0, 0)
        var (before, now) = (0, 0)
        while one < first.count, other < second.count {
            if isSame(one, other) {
                append(surer(first[before..<one], second[now..<other]) + [first[one]])
                (one, other) = (one + 1, other + 1)
                (before, now) = (one, other)
            } else if commonCounts[one + 1][other] >= commonCounts[one][other + 1] {
                one += 1
            } else {
                other += 1
            }
        }
        append(surer(first[before...], second[now...]))
    }

    /// Adds words, none of which begins before the one before it ends, though two readings told their times.
    private mutating func append(_ more: ArraySlice<TranscriptWord>) {
        for var word in more {
            word.start = max(word.start, words.last?.end ?? .zero)
            word.end = max(word.end, word.start)
            words.append(word)
        }
    }

    private func surer(
        _ first: ArraySlice<TranscriptWord>, _ second: ArraySlice<TranscriptWord>
    ) -> ArraySlice<TranscriptWord> {
        confidence(second) > confidence(first) ? second : first
    }

    /// The mean of the words'; that nothing was said is believed where words are less likely than not.
    private func confidence(_ words: ArraySlice<TranscriptWord>) -> Double {
        words.isEmpty ? 0.5 : words.reduce(0) { $0 + ($1.confidence ?? 0) } / Double(words.count)
    }

    /// The second reading with these words instead of its own.
    package func transcript(like second: Transcript) -> Transcript {
        var transcript = second
        transcript.text = words.map(\.text).joined(separator: " ")
        transcript.words = words
        transcript.confidence = confidence(words[...])
        return transcript
    }
}

extension Transcript {
    /// Whether the engine told of each word how certain it is.
    fileprivate var isWeighed: Bool { !words.isEmpty && words.allSatisfy { $0.confidence != nil } }
}
