package import SpokenText

/// A piece of a script that an engine speaks in one go.
package struct SpokenPiece: Hashable, Sendable {
    /// What is spoken, with the places in the caller's text that it stands for; empty for a pause alone.
    package var text: MappedText
    package var style: SpeechStyle
    package var pauseBefore: Duration

    /// The pieces of a script, in order.
    package static func pieces(of script: Script) -> [SpokenPiece] {
        script.segments.flatMap { segment in
            let clauses = segment.text.isEmpty ? [0..<0] : ClauseCutter.cut(segment.text)
            return clauses.map { clause in
                SpokenPiece(
                    text: segment.text.slice(clause), style: segment.style,
                    pauseBefore: clause.lowerBound == 0 ? segment.pauseBefore : .zero)
            }
        }
    }
}
