extension Unicode.Scalar {
    /// White space, line ends among it.
    var isSpace: Bool {
        value < 0x80 ? self == " " || (value >= 9 && value <= 13) : properties.isWhitespace
    }

    /// A digit from 0 to 9.
    var isDigit: Bool { value >= 0x30 && value <= 0x39 }

    /// A digit or a letter from a to f, in either case.
    var isHexDigit: Bool { isDigit || (value | 0x20 >= 0x61 && value | 0x20 <= 0x66) }

    /// A letter from A to Z.
    var isUpper: Bool { value >= 0x41 && value <= 0x5A }

    /// A letter from a to z.
    var isLower: Bool { value >= 0x61 && value <= 0x7A }

    /// A letter of any script.
    var isLetter: Bool {
        value < 0x80 ? isUpper || isLower : properties.isAlphabetic
    }

    /// What words consist of: letters, digits, and marks upon letters.
    var isWordPart: Bool {
        if value < 0x80 { return isLetter || isDigit }
        if properties.isAlphabetic { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber: return !isVariationSelector
        default: return false
        }
    }

    /// Punctuation as Markdown understands it: signs of ASCII, and punctuation and symbols beyond.
    var isPunctuation: Bool {
        if value < 0x80 { return value > 0x20 && value != 0x7F && !isLetter && !isDigit }
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .currencySymbol, .mathSymbol, .modifierSymbol, .otherSymbol:
            return true
        default: return false
        }
    }

    /// What may stand before a word without belonging to it.
    var isOpening: Bool { Self.openings.contains(self) }

    /// What may stand after a word without belonging to it.
    var isClosing: Bool { Self.closings.contains(self) }

    /// An opening bracket, behind which no space stands.
    var isBracket: Bool { self == "(" || self == "[" || self == "{" }

    private static let openings: Set<Unicode.Scalar> = ["(", "[", "{", "<", "\"", "'", "“", "‘", "«", "„"]
    private static let closings: Set<Unicode.Scalar> = [
        ")", "]", "}", ">", "\"", "'", "”", "’", "»", ".", ",", ";", ":", "!", "?", "…",
    ]

    /// The scalar that asks for the coloured or the plain form of the one before it.
    var isVariationSelector: Bool { value == 0xFE0E || value == 0xFE0F }
}
