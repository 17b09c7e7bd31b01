/// Texts in quotes, and escapes (JSON5, section 5; ECMAScript 5.1, section 7.8.4).
extension JSON5Parser {
    /// Reads a text in single or double quotes.
    mutating func text() throws(JSON5Problem) -> String {
        let start = scanner.place
        let quote = scanner.next
        scanner.advance()
        var text = String.UnicodeScalarView()
        while let scalar = scanner.next {
            switch scalar {
            case quote:
                scanner.advance()
                return String(text)
            case "\\": if let meant = try escape() { text.append(meant) }
            case "\n", "\r": throw JSON5Problem(.unclosedText, at: start)
            default:
                text.append(scalar)
                scanner.advance()
            }
        }
        throw JSON5Problem(.unclosedText, at: start)
    }

    /// Reads what stands behind a backslash in a text.
    ///
    /// - Returns: Nil for the end of a line, which means nothing.
    private mutating func escape() throws(JSON5Problem) -> Unicode.Scalar? {
        let place = scanner.place
        if scanner.scalar(after: 1) == "u" { return try escapedScalar() }
        scanner.advance()
        guard let letter = scanner.next else { throw JSON5Problem(.badEscape, at: place) }
        scanner.advance()
        switch letter {
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{B}"
        case "x": return Unicode.Scalar(try hexadecimal(2, from: place))
        case "0":
            if scanner.next?.isDecimalDigit == true { throw JSON5Problem(.badEscape, at: place) }
            return "\0"
        case "1"..."9": throw JSON5Problem(.badEscape, at: place)
        case "\r":
            _ = scanner.skip("\n")
            return nil
        case "\n", "\u{2028}", "\u{2029}": return nil
        default: return letter
        }
    }

    /// Reads `\uXXXX`, and a second one where the first is half of a pair.
    mutating func escapedScalar() throws(JSON5Problem) -> Unicode.Scalar {
        let place = scanner.place
        let first = try escapedUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(first)), scanner.next == "\\", scanner.scalar(after: 1) == "u" else {
            throw JSON5Problem(.loneSurrogate, at: place)
        }
        let second = try escapedUnit()
        guard UTF16.isTrailSurrogate(UInt16(second)) else { throw JSON5Problem(.loneSurrogate, at: place) }
        // RFC 2781, section 2.2.
        guard let scalar = Unicode.Scalar(0x1_0000 + (first & 0x3FF) << 10 + (second & 0x3FF)) else {
            throw JSON5Problem(.loneSurrogate, at: place)
        }
        return scalar
    }

    private mutating func escapedUnit() throws(JSON5Problem) -> UInt32 {
        let place = scanner.place
        scanner.advance()
        guard scanner.skip("u") else { throw JSON5Problem(.badEscape, at: place) }
        return try hexadecimal(4, from: place)
    }

    private mutating func hexadecimal(_ count: Int, from place: TextPlace) throws(JSON5Problem) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<count {
            guard let digit = scanner.next?.hexadecimalValue else { throw JSON5Problem(.badEscape, at: place) }
            number = number << 4 | digit
            scanner.advance()
        }
        return number
    }
}

extension Unicode.Scalar {
    var isDecimalDigit: Bool { ("0"..."9").contains(self) }

    /// 0 to 15; nil for what is no hexadecimal digit.
    var hexadecimalValue: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x57
        case "A"..."F": value - 0x37
        default: nil
        }
    }
}
