import SpokenText
import VoiceCore

/// Finds how much of a text that is still being written can be spoken: whole clauses, and no markup torn apart.
enum CompleteText {
    /// Markup that is open for longer than this is taken for text.
    private static let openLimit = 2 * Clause.characterLimit

    /// - Returns: The place behind the last complete clause; nil if there is none.
    static func end(of text: [Unicode.Scalar]) -> Int? {
        if isSSML(text) { return nil }
        var end: Int?
        var place = 0
        for piece in ClauseCutter.cut(MappedText(string(text[...]))) {
            place = piece.upperBound
            guard place < text.count || endsWithSpace(text), !isOpen(text[..<place]) else { continue }
            if place == text.count, !endsClause(text[piece]) { continue }
            if !isListNumber(text[piece]) { end = place }
        }
        return end
    }

    /// How much of a text whose writer stalls is worth saying: whole words, if they are many or end a sentence.
    static func endOfStalled(_ text: [Unicode.Scalar], wordCount: Int) -> Int? {
        if isSSML(text) || isOpen(text[...]) { return nil }
        if endsClause(text[...]), !isListNumber(text[...]) { return text.count }
        guard let space = text.lastIndex(where: \.properties.isWhitespace) else { return nil }
        let words = text[..<space].split(whereSeparator: \.properties.isWhitespace)
        return words.count >= wordCount ? space + 1 : nil
    }

    /// SSML makes sense as a whole only.
    private static func isSSML(_ text: [Unicode.Scalar]) -> Bool {
        let start = text.drop(while: \.properties.isWhitespace).prefix(6)
        let opening = Array("<speak".unicodeScalars)
        return !start.isEmpty
            && (start.elementsEqual(opening.prefix(start.count)) || start.starts(with: "<?xml".unicodeScalars))
    }

    private static func endsWithSpace(_ text: [Unicode.Scalar]) -> Bool {
        text.last?.properties.isWhitespace == true
    }

    private static func endsClause(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let marks: Set<Unicode.Scalar> = [".", "!", "?", "…", "。", "！", "？", "؟", "।", ":"]
        let closing: Set<Unicode.Scalar> = ["\"", "'", "”", "’", ")", "]", "»", "*", "_", "`"]
        if text.last == "\n" { return true }
        let last = text.last { !$0.properties.isWhitespace && !closing.contains($0) }
        return last.map(marks.contains) == true
    }

    /// `12.` at the beginning of a line numbers what follows.
    private static func isListNumber(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let line = text.split(separator: "\n").last ?? []
        let word = line.split(whereSeparator: \.properties.isWhitespace)
        return word.count == 1 && word[0].count <= 10 && word[0].last == "."
            && word[0].dropLast().allSatisfy { $0.properties.numericType != nil }
    }

    /// Whether emphasis, code, a link or a block of code begins here and does not end.
    private static func isOpen(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let fences = text.split(separator: "\n").count { line in
            line.drop(while: \.properties.isWhitespace).starts(with: "```".unicodeScalars)
        }
        if !fences.isMultiple(of: 2) { return true }
        // A table is read row by row, but its first row needs the second one.
        let isTable = text.last { !$0.properties.isWhitespace } == "|"
        let paragraph = text.suffix(openLimit)
        let ticks = fences == 0 ? paragraph.count { $0 == "`" } : 0
        let stars = zip(paragraph, paragraph.dropFirst()).count { $0 == "*" && $1 == "*" }
        let brackets = paragraph.count { $0 == "[" } - paragraph.count { $0 == "]" }
        return text.count < openLimit
            && (isTable || !ticks.isMultiple(of: 2) || !stars.isMultiple(of: 2) || brackets > 0)
    }

    private static func string(_ text: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text)
        return String(view)
    }
}
