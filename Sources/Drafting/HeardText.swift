internal import Commands
internal import VoiceCore

/// What was said in one utterance, of which any words can be cut out.
struct HeardText: Hashable, Sendable {
    let utterance: UtteranceID
    let said: UtteranceTranscript
    let words: SaidWords

    init(_ said: UtteranceTranscript, of utterance: UtteranceID) {
        self.utterance = utterance
        self.said = said
        words = SaidWords(said.transcript.text)
    }

    var all: Range<Int> { 0..<words.count }

    /// Only some of its words, with their times where the engine told those of each word.
    func cut(_ range: Range<Int>) -> UtteranceTranscript {
        guard range != all else { return said }
        var cut = said
        cut.transcript.text = words.text(range)
        cut.transcript.words = timed(range)
        cut.transcript.adaptation = nil
        return cut
    }

    private func timed(_ range: Range<Int>) -> [TranscriptWord] {
        var place = 0
        let placed = said.transcript.words.map { word in
            defer { place += SaidWords(word.text).count }
            return (word, place)
        }
        // Words that are counted otherwise than in the text cannot be told apart.
        guard place == words.count else { return [] }
        return placed.filter { range.contains($0.1) }.map(\.0)
    }
}

/// What belongs to a draft of one utterance.
struct DraftPiece: Hashable, Sendable {
    var heard: HeardText
    var range: Range<Int>
    /// A command of the same utterance stands before it.
    var followsCommand = false
    /// A command of the same utterance stands behind it.
    var precedesCommand = false

    var part: Draft.Part { Draft.Part(utterance: heard.utterance, said: heard.cut(range)) }

    /// The same piece of a better reading; nil where its commands are not found there.
    func reread(_ better: HeardText, by matcher: CommandMatcher) -> DraftPiece? {
        var piece = self
        piece.heard = better
        piece.range = better.all
        let commands = matcher.matches(in: better.words.text)
        if followsCommand {
            guard let command = commands.first(where: { $0.effect == .begins }) else { return nil }
            piece.range = command.words.upperBound..<better.words.count
        }
        if precedesCommand {
            guard let command = commands.last(where: { $0.effect == .ends }),
                command.words.lowerBound >= piece.range.lowerBound
            else { return nil }
            piece.range = piece.range.lowerBound..<command.words.lowerBound
        }
        return piece
    }
}
