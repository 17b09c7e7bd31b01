package import Wyoming

/// A text as espeak-ng is given it, with the way back to the original.
///
/// Words that have a pronunciation stand there in espeak-ng's signs, between `[[` and `]]`.
package struct EspeakText: Hashable, Sendable {
    /// Without control characters, since a zero would end the text.
    package private(set) var scalars: [Unicode.Scalar] = []
    /// Whether anything in it is written in signs.
    package private(set) var hasSigns = false
    /// For each scalar the stretch of the original that it stands for.
    private var origins: [Range<Int>] = []
    /// Of the original.
    private let count: Int

    /// - Parameters:
    ///   - phonemes: Those that overlap an earlier one, or leave the text, are passed over.
    ///   - signs: The signs for a pronunciation; nil leaves the word as it is written.
    package init(_ text: String, _ phonemes: [SpokenPhonemes] = [], signs: (String) -> String? = { _ in nil }) {
        let original = text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
        count = original.count
        var place = 0
        for word in phonemes.sorted(by: { $0.characterIndex < $1.characterIndex }) {
            let end = word.characterIndex + word.characterCount
            guard word.characterIndex >= place, end <= count, let signs = signs(word.ipa) else { continue }
            copy(original, place..<word.characterIndex)
            for scalar in "[[\(signs)]]".unicodeScalars { append(scalar, word.characterIndex..<end) }
            hasSigns = true
            place = end
        }
        copy(original, place..<count)
        if hasSigns { disarm() }
    }

    /// The stretch of the original that a stretch of the text stands for; nil outside of it.
    package func origin(of range: Range<Int>) -> Range<Int>? {
        guard !range.isEmpty, range.lowerBound >= 0, range.lowerBound < origins.count else { return nil }
        let last = min(range.upperBound, origins.count) - 1
        return origins[range.lowerBound].lowerBound..<origins[last].upperBound
    }

    private mutating func copy(_ original: [Unicode.Scalar], _ range: Range<Int>) {
        for index in range { append(original[index], index..<index + 1) }
    }

    private mutating func append(_ scalar: Unicode.Scalar, _ origin: Range<Int>) {
        scalars.append(scalar)
        origins.append(origin)
    }

    /// Brackets of the text itself shall not begin signs.
    private mutating func disarm() {
        for index in scalars.indices where origins[index].count == 1 && scalars[index] == "[" {
            let isOwn = index + 1 < origins.count && origins[index + 1] == origins[index]
            let isSecond = index > 0 && origins[index - 1] == origins[index]
            if !isOwn, !isSecond { scalars[index] = " " }
        }
    }
}
