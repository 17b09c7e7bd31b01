/// A text in the plain letters that flite can read, with the way back to the original.
///
/// flite takes each byte above ASCII for a letter it does not know and falls silent or spells it, so typographic signs
/// and accents are written plainly and everything else becomes a space.
package struct FliteText: Hashable, Sendable {
    /// ASCII without control characters.
    package private(set) var bytes: [UInt8] = []
    /// For each byte, the index of the Unicode scalar of the original that it stands for.
    private var origins: [Int] = []

    /// flite keeps a token's trailing punctuation in 256 bytes and grows that only once; longer runs are cut.
    private static let punctuationRunLimit = 8

    package init(_ text: String) {
        var run = 0
        for (index, scalar) in text.unicodeScalars.enumerated() {
            for byte in Self.plain(scalar) {
                run = Self.isPunctuation(byte) ? run + 1 : 0
                guard run <= Self.punctuationRunLimit else { continue }
                bytes.append(byte)
                origins.append(index)
            }
        }
    }

    /// Whether there is anything to say: a letter or a digit.
    package var isSpeakable: Bool { bytes.contains(where: Self.isLetterOrDigit) }

    /// The scalars of the original that a stretch of bytes stands for, without punctuation at its ends.
    package func origin(of range: Range<Int>) -> Range<Int>? {
        let stretch = range.clamped(to: bytes.indices)
        let letters = stretch.filter { Self.isLetterOrDigit(bytes[$0]) }
        guard let first = letters.first ?? stretch.first, let last = letters.last ?? stretch.last else { return nil }
        return origins[first]..<(origins[last] + 1)
    }

    /// Where `word` stands next.
    package func firstIndex(of word: [UInt8], from start: Int) -> Int? {
        guard !word.isEmpty, start >= 0, start + word.count <= bytes.count else { return nil }
        return (start...(bytes.count - word.count)).first { bytes[$0..<$0 + word.count].elementsEqual(word) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        byte != UInt8(ascii: " ") && !isLetterOrDigit(byte)
    }

    private static func plain(_ scalar: Unicode.Scalar) -> [UInt8] {
        switch scalar.value {
        case 0x20...0x7E: [UInt8(scalar.value)]
        case 0xC0...0x17F: PlainLatin.letters(for: scalar.value)
        // Full-width forms of ASCII.
        case 0xFF01...0xFF5E: [UInt8(scalar.value - 0xFEE0)]
        default: signs[scalar.value] ?? (isInvisible(scalar) ? [] : [UInt8(ascii: " ")])
        }
    }

    /// Marks that change the letter before them, and joiners: dropping them keeps a word in one piece.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        default: false
        }
    }

    private static let signs: [UInt32: [UInt8]] = {
        var signs: [UInt32: [UInt8]] = [0x2026: Array("...".utf8)]
        for quote: UInt32 in [0x2018, 0x2019, 0x201A, 0x201B, 0x2032, 0x02BC, 0x00B4] { signs[quote] = Array("'".utf8) }
        for quote: UInt32 in [0x201C, 0x201D, 0x201E, 0x201F, 0x2033, 0xAB, 0xBB] { signs[quote] = Array("\"".utf8) }
        // Hyphens and the dash between numbers; the long dash is a pause between words and stays a space.
        for dash: UInt32 in [0x2010, 0x2011, 0x2012, 0x2013, 0x2212] { signs[dash] = Array("-".utf8) }
        return signs
    }()
}
