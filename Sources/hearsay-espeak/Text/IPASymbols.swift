/// Writes the International Phonetic Alphabet in espeak-ng's own signs.
///
/// espeak-ng reads no IPA, and each of its languages knows some of these signs only; what a language lacks is asked for
/// sign by sign.
package enum IPASymbols {
    /// The longest entry of the table, in scalars.
    private static let longest = 3

    /// The signs for a pronunciation, or nil where a symbol is unknown or the language lacks its sign.
    ///
    /// - Parameter isKnown: Whether the language has a sign.
    package static func signs(for ipa: String, isKnown: (String) -> Bool) -> String? {
        let scalars = Array(ipa.unicodeScalars).filter { !ignored.contains($0) }
        var signs = ""
        var place = 0
        while place < scalars.count {
            guard let (sign, count) = sign(at: place, of: scalars, isKnown) else { return nil }
            signs += sign
            place += count
        }
        guard signs.contains(where: { $0 != "'" && $0 != "," }) else { return nil }
        return signs.contains("'") ? signs : "'" + signs
    }

    private static func sign(
        at place: Int, of scalars: [Unicode.Scalar], _ isKnown: (String) -> Bool
    ) -> (String, Int)? {
        for count in stride(from: min(longest, scalars.count - place), to: 0, by: -1) {
            var symbol = String.UnicodeScalarView()
            symbol.append(contentsOf: scalars[place..<place + count])
            if let mark = marks[String(symbol)] { return (mark, count) }
            if let sign = table[String(symbol)]?.first(where: isKnown) { return (sign, count) }
        }
        return nil
    }

    /// The tie of an affricate, the mark between syllables and slashes around the whole.
    private static let ignored: Set<Unicode.Scalar> = ["\u{361}", "\u{35C}", ".", "/", "\u{200D}"]

    /// Stress, and length where the language makes no difference by it.
    private static let marks = ["ˈ": "'", "'": "'", "ˌ": ",", "ː": "", ":": "", "ˑ": ""]

    /// For each symbol the signs that may stand for it, the best one first.
    ///
    /// espeak-ng 1.51, the files `phsource/phonemes` and those of the languages.
    private static let table: [String: [String]] = [
        "p": ["p"], "b": ["b"], "t": ["t"], "d": ["d"], "k": ["k"], "ɡ": ["g"], "g": ["g"], "f": ["f"], "v": ["v"],
        "θ": ["T"], "ð": ["D"], "s": ["s"], "z": ["z"], "ʃ": ["S"], "ʒ": ["Z"], "ç": ["C"], "x": ["x"],
        "χ": ["X", "x"],
        "ɣ": ["Q"], "h": ["h"], "ɦ": ["h"], "m": ["m"], "n": ["n"], "ŋ": ["N"], "ɲ": ["n^"], "l": ["l"], "ɫ": ["l"],
        "r": ["r"], "ɹ": ["r"], "ʁ": ["r", "R"], "ɾ": ["*", "r"], "j": ["j"], "w": ["w"], "ʍ": ["w"], "ʔ": ["?"],
        "c": ["c"], "ɟ": ["J"], "q": ["q"], "β": ["B"], "tʃ": ["tS"], "dʒ": ["dZ"], "ts": ["ts"], "pf": ["pf"],
        "a": ["a"], "aː": ["a:", "A:", "a"], "æ": ["a"], "ɐ": ["a#", "a"], "ɑ": ["A", "A:"], "ɑː": ["A:", "A"],
        "ɑ̃": ["A~"], "ɒ": ["0", "O"], "ɔ": ["O"], "ɔː": ["O:", "O"], "ɔ̃": ["O~"], "ə": ["@"], "ɚ": ["3", "@"],
        "ɜ": ["3:", "@"], "ɜː": ["3:"], "ɝ": ["3:"], "e": ["e", "E"], "eː": ["e:", "e"], "ɛ": ["E", "e"],
        "ɛː": ["E:", "E"], "ɛ̃": ["E~"], "i": ["i", "i:"], "iː": ["i:", "i"], "ɪ": ["I", "i"], "ᵻ": ["I#", "I"],
        "ɨ": ["i"], "o": ["o", "oU"], "oː": ["o:", "o"], "œ": ["W"], "ø": ["Y", "W"], "øː": ["Y:", "Y"], "y": ["y"],
        "yː": ["y:", "y"], "ʏ": ["y"], "u": ["u", "u:"], "uː": ["u:", "u"], "ʊ": ["U", "u"], "ʌ": ["V", "a"],
        "aɪ": ["aI"], "aʊ": ["aU"], "eɪ": ["eI"], "oʊ": ["oU", "o"], "əʊ": ["@U", "oU"], "ɔɪ": ["OI"],
        "ɔʏ": ["OY", "OI"],
        "ɪə": ["i@"], "eə": ["e@"], "ʊə": ["U@"],
    ]
}
