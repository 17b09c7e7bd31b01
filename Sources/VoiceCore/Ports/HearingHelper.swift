/// Takes noise away before anybody listens.
package protocol NoiseReducer: LivingEngine {
    /// For one source.
    func openStream() -> any NoiseReducerStream
}

/// The sound of one source on its way through a noise reducer.
///
/// As much comes out as goes in, some of it later. Where the reducer has no answer, the sound comes as it was.
package protocol NoiseReducerStream: Sendable {
    /// Takes what came next, and gives what is done by now: mono, 16 kHz.
    func clean(_ samples: [Int16]) async -> [Int16]

    /// Gives the rest; what comes next has nothing to do with what came before.
    func finish() async -> [Int16]
}

/// Sets punctuation in text that has none.
package protocol Punctuator: LivingEngine {
    /// BCP 47; empty where nobody knows.
    var languages: [String] { get }

    /// - Returns: Nil where there is no answer.
    func punctuate(_ text: String) async -> String?
}

/// A phrase that was found in the sound of a source.
package struct SpottedKeyword: Hashable, Sendable {
    /// As it was asked for.
    package var phrase: String
    /// From the first sample of the utterance or, in events, of the source.
    package var start: Duration
    package var end: Duration

    package init(phrase: String, start: Duration, end: Duration) {
        self.phrase = phrase
        self.start = start
        self.end = end
    }

    /// Reads what an engine tells: `START END PHRASE`, in milliseconds.
    ///
    /// - Returns: Nil for a line that is none.
    package init?(line: some StringProtocol) {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count == 3, let start = Int(parts[0]), let end = Int(parts[1]), 0 <= start, start <= end else {
            return nil
        }
        self.init(phrase: String(parts[2]), start: .milliseconds(start), end: .milliseconds(end))
    }
}
