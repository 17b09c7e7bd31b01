/// The sounds of a text, cut into sentences that a model takes at once.
package struct PhonemeSentences: Hashable, Sendable {
    /// Unicode scalars, as the library wants them.
    package private(set) var sentences: [[Int32]] = []

    /// Kokoro ends the process at 510; two are its own, and the rest is room for signs that count twice.
    package static let scalarLimit = 400

    /// - Parameter ipa: With the punctuation of the text.
    package init(_ ipa: String) {
        var sentence: [Unicode.Scalar] = []
        let scalars = Array(ipa.unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            sentence.append(scalar)
            let isEnd =
                ".!?".unicodeScalars.contains(scalar) && (place + 1 == scalars.count || scalars[place + 1] == " ")
            if isEnd || sentence.count >= Self.scalarLimit {
                let cut = isEnd ? sentence.count : Self.lastGap(sentence)
                add(sentence[..<cut])
                sentence = Array(sentence[cut...])
            }
        }
        add(sentence[...])
    }

    /// Sentences without a sound are left out, because the library counts on one.
    private mutating func add(_ scalars: ArraySlice<Unicode.Scalar>) {
        guard scalars.contains(where: { $0.properties.isAlphabetic }) else { return }
        let text = scalars.drop { $0 == " " }
        sentences.append(text.map { Int32($0.value) })
    }

    private static func lastGap(_ scalars: [Unicode.Scalar]) -> Int {
        scalars.lastIndex(of: " ").map { $0 + 1 } ?? scalars.count
    }
}
