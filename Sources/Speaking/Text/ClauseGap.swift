internal import SpokenText

/// How long the silence between two clauses is that are spoken one after the other.
enum ClauseGap {
    /// What reads as well as natural speech; a clause's own edges add 50 ms to each.
    private static let (sentence, phrase, word) = (
        Duration.milliseconds(300), Duration.milliseconds(130), Duration.milliseconds(10)
    )

    /// The silence behind a clause, by the mark it ends with.
    ///
    /// - Parameter speed: Who speaks faster rests less.
    static func after(_ text: MappedText, speed: Double) -> Duration {
        let closing: Set<Unicode.Scalar> = ["\"", "'", "”", "’", ")", "]", "»"]
        let last = text.scalars.last { !$0.properties.isWhitespace && !closing.contains($0) }
        let rest: Duration =
            switch last {
            case ".", "!", "?", "…", "。", "！", "？", "؟", "।": sentence
            case ",", ";", ":", "–", "—", "、", "，", "；", "：", "،": phrase
            default: text.scalars.contains("\n") ? sentence : word
            }
        return rest / speed
    }
}
