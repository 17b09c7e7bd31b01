/// Reads written text out: turns it into words as they are spoken, each with its place in the original.
struct TextReader {
    private let source: MappedText
    private let window: TextWindow
    private let rules: any ReadingRules
    private let pronunciations: Pronunciations
    private let language: String
    private(set) var spoken = MappedText()
    private(set) var phonemes: [Segment.Phonemes] = []
    /// Whether a space must follow before the next word.
    private var isWordEnded = false
    /// What stands aside before this place; a comma follows it before the next word.
    private var aside: Range<Int>?

    /// - Parameter language: BCP 47.
    init(_ text: MappedText, language: String, pronunciations: Pronunciations) {
        source = text
        window = TextWindow(text.scalars)
        self.language = language
        rules = language.lowercased().hasPrefix("en") ? EnglishRules(language: language) : CleaningRules()
        self.pronunciations = pronunciations
    }

    mutating func read() {
        var index = 0
        // Addresses and paths are looked for once in each stretch between spaces, so that the time stays linear.
        var isHead = true
        while index < window.count {
            let start = index
            let isWord = window[index].isWordPart
            if let entry = pronunciations.entry(window, index, language) {
                pronounce(entry, index)
                index = entry.end
            } else if let reading = rules.reading(window, index, isHead: isHead) {
                append(reading, index)
                index = reading.end
            } else {
                index = isWord ? window.end(from: index, limit: .max - index) { $0.isWordPart } : index + 1
                copy(start..<index)
            }
            isHead =
                window[index - 1].isSpace || window[index - 1] == "("
                || isHead && !isWord && window[index - 1].isOpening
        }
    }

    private mutating func pronounce(_ entry: Pronunciations.Match, _ index: Int) {
        separate(entry.words?.unicodeScalars.first ?? window[index])
        let start = spoken.count
        if let words = entry.words {
            append(Reading(words, to: entry.end), index)
        } else {
            copy(index..<entry.end)
        }
        if let ipa = entry.ipa { phonemes.append(Segment.Phonemes(range: start..<spoken.count, ipa: ipa)) }
    }

    private mutating func append(_ reading: Reading, _ index: Int) {
        guard let origin = source.origin(of: index..<reading.end) else { return }
        if reading.words.isEmpty {
            isWordEnded = isWordEnded || spoken.scalars.last?.isWordPart ?? false
            return
        }
        if reading.isAside, spoken.scalars.last(where: { !$0.isSpace })?.isWordPart ?? false { aside = aside ?? origin }
        for (position, scalar) in reading.words.unicodeScalars.enumerated() {
            endAside(before: scalar)
            if position == 0 { separate(scalar) }
            if scalar == " ", spoken.scalars.last.map({ $0.isSpace || $0.isBracket }) ?? true { continue }
            if scalar == ",", spoken.isEmpty { continue }
            removeSpace(before: scalar)
            spoken.append(scalar, origin)
        }
        isWordEnded = spoken.scalars.last?.isWordPart ?? false
        if reading.isAside { aside = origin }
    }

    /// Writes the comma behind or before what stands aside; a mark of the sentence does as well.
    private mutating func endAside(before scalar: Unicode.Scalar) {
        guard let origin = aside, !scalar.isSpace else { return }
        aside = nil
        guard scalar.isWordPart || scalar.isOpening else { return }
        if spoken.scalars.last == " " { spoken.removeLast(1) }
        // A line end is more than a comma.
        guard let last = spoken.scalars.last, !last.isSpace else { return }
        spoken.append(",", origin)
        spoken.append(" ", origin)
    }

    /// Puts a space between two words of which at least one was read out.
    private mutating func separate(_ next: Unicode.Scalar) {
        guard next.isWordPart, let last = spoken.scalars.last, last.isWordPart, let origin = spoken.origins.last else {
            return
        }
        spoken.append(" ", origin)
    }

    private mutating func copy(_ range: Range<Int>) {
        if isWordEnded { separate(window[range.lowerBound]) }
        isWordEnded = false
        for index in range {
            let scalar = window[index]
            endAside(before: scalar)
            if scalar.isSpace, spoken.scalars.last?.isSpace ?? true { continue }
            removeSpace(before: scalar)
            spoken.append(scalar, source.origins[index])
        }
    }

    /// Where something silent stood before a mark, its space goes too.
    private mutating func removeSpace(before scalar: Unicode.Scalar) {
        guard scalar == "," || scalar == ".", spoken.scalars.last == " " else { return }
        spoken.removeLast(1)
    }
}

/// Decides how what stands at a place is spoken.
protocol ReadingRules: Sendable {
    /// - Parameter isHead: Whether only opening marks stand between this place and the last space.
    /// - Returns: nil to copy the word or the sign.
    func reading(_ text: TextWindow, _ index: Int, isHead: Bool) -> Reading?
}
