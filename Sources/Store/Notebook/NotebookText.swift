import VoiceCore

/// How words and questions are written for the tables of what was said.
enum NotebookText {
    /// A line a word: start and end in microseconds, how sure the engine was or `-`, the word.
    static func text(_ words: [TranscriptWord]) -> String {
        words.map { word in
            let confidence = word.confidence.map { String($0) } ?? "-"
            let text = word.text.split(whereSeparator: \.isNewline).joined(separator: " ")
            return "\(word.start.wholeMicroseconds) \(word.end.wholeMicroseconds) \(confidence) \(text)"
        }.joined(separator: "\n")
    }

    static func words(_ text: String) -> [TranscriptWord] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 3)
            guard fields.count == 4, let start = Int64(fields[0]), let end = Int64(fields[1]) else { return nil }
            return TranscriptWord(
                text: String(fields[3]), start: .microseconds(start), end: .microseconds(end),
                confidence: Double(fields[2]))
        }
    }

    /// What the index is asked for all words of a text, in any order; nil where there is no word.
    ///
    /// In quotes nothing is a sign of the index's own language; the last word may be the beginning of one.
    static func question(_ text: String) -> String? {
        let words = text.split { !$0.isLetter && !$0.isNumber }
        guard !words.isEmpty else { return nil }
        return words.map { "\"\($0)\"" }.joined(separator: " ") + (text.last?.isWhitespace == true ? "" : "*")
    }
}
