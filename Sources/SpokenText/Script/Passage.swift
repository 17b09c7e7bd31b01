/// A piece of a passage.
struct Piece: Hashable, Sendable {
    /// Who decides how it is spoken.
    enum Kind: Hashable, Sendable {
        /// Text as people write it, to be read out.
        case written
        /// Words as they are to be spoken.
        case spoken
    }

    var text: MappedText
    var kind: Kind
    var ipa: String?
}

/// A part of a text, free of markup, that is spoken in one style.
struct Passage: Hashable, Sendable {
    /// Where it begins in the original; what lies between two passages belongs to the first.
    var start: Int?
    var pieces: [Piece] = []
    var style = SpeechStyle()
    var pauseBefore = Duration.zero

    init(_ text: MappedText = MappedText(), _ kind: Piece.Kind = .written) {
        add(text, kind)
    }

    init(style: SpeechStyle, pauseBefore: Duration = .zero, start: Int? = nil) {
        self.style = style
        self.pauseBefore = pauseBefore
        self.start = start
    }

    var isEmpty: Bool { pieces.isEmpty && pauseBefore == .zero }

    mutating func add(_ text: MappedText, _ kind: Piece.Kind = .written, ipa: String? = nil) {
        guard !text.isEmpty else { return }
        if start == nil { start = text.origins.first?.lowerBound }
        pieces.append(Piece(text: text, kind: kind, ipa: ipa))
    }
}
