internal import Flow
internal import VoiceCore

/// A draft with all that is needed to write it anew.
struct DraftInHand: Hashable, Sendable {
    /// Some hours of dictation; each part costs a few hundred bytes.
    static let partLimit = 2_000

    private(set) var draft: Draft
    private var pieces: [DraftPiece] = []

    init(_ draft: Draft) {
        self.draft = draft
    }

    var isFull: Bool { pieces.count >= Self.partLimit }

    /// Where its last utterance ends, from the source's first sample.
    var end: Duration { pieces.last?.heard.said.end ?? draft.start }

    mutating func add(_ piece: DraftPiece) {
        pieces.append(piece)
        draft.parts.append(piece.part)
    }

    /// Leaves out what was said from some word on; a command that began there goes on in the next utterance.
    ///
    /// - Returns: The first part that is another one now; nil if the draft has none of that utterance.
    mutating func trim(_ utterance: UtteranceID, from word: Int) -> Int? {
        guard let first = pieces.firstIndex(where: { $0.heard.utterance == utterance }) else { return nil }
        for index in first..<pieces.count {
            let range = pieces[index].range
            let end = index == first ? min(max(word, range.lowerBound), range.upperBound) : range.lowerBound
            pieces[index].range = range.lowerBound..<end
            pieces[index].precedesCommand = true
            draft.parts[index] = pieces[index].part
        }
        return first
    }

    mutating func end(_ ending: Draft.Ending) {
        draft.ending = ending
    }

    /// Takes a better reading of one of its utterances.
    ///
    /// - Returns: Whether the draft is another one now.
    mutating func revise(_ better: HeardText, _ reread: (DraftPiece) -> DraftPiece?) -> Bool {
        guard let index = pieces.firstIndex(where: { $0.heard.utterance == better.utterance }),
            let piece = reread(pieces[index])
        else { return false }
        let before = draft.text
        pieces[index] = piece
        draft.parts[index] = piece.part
        guard draft.text != before else { return false }
        draft.isRevised = true
        return true
    }
}
