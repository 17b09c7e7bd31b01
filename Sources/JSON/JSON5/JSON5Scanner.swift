/// Walks through a JSON5 text, knows the place, and skips what means nothing.
struct JSON5Scanner {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private(set) var place = TextPlace.start

    /// - Throws: `JSON5Problem` for bytes that are not UTF-8.
    init(_ bytes: [UInt8]) throws(JSON5Problem) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(bytes.count)
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): scalars.append(scalar)
            case .emptyInput: break decoding
            case .error:
                var scanner = JSON5Scanner(scalars)
                while scanner.next != nil { scanner.advance() }
                throw JSON5Problem(.notUTF8, at: scanner.place)
            }
        }
        self.init(scalars)
    }

    private init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    /// The scalar that comes; nil at the end.
    var next: Unicode.Scalar? { scalar(after: 0) }

    /// A scalar further on.
    func scalar(after distance: Int) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    /// Steps over one scalar; a carriage return with its line feed ends one line.
    mutating func advance() {
        guard let scalar = next else { return }
        index += 1
        if scalar == "\n" || scalar == "\r" && next != "\n" {
            place = TextPlace(line: place.line + 1, column: 1)
        } else {
            place.column += 1
        }
    }

    /// Steps over a scalar if it comes.
    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        advance()
        return true
    }

    /// Steps over white space and comments.
    mutating func skipSpace() throws(JSON5Problem) {
        while let scalar = next {
            if scalar.isJSON5Space {
                advance()
            } else if scalar == "/", self.scalar(after: 1) == "/" {
                while let scalar = next, !scalar.endsJSON5Line { advance() }
            } else if scalar == "/", self.scalar(after: 1) == "*" {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(JSON5Problem) {
        let start = place
        advance()
        advance()
        while let scalar = next {
            advance()
            if scalar == "*", skip("/") { return }
        }
        throw JSON5Problem(.unclosedComment, at: start)
    }
}

extension Unicode.Scalar {
    /// JSON5, section 8: white space and line terminators.
    var isJSON5Space: Bool {
        switch self {
        case "\t", "\u{B}", "\u{C}", " ", "\u{A0}", "\u{FEFF}": true
        default: endsJSON5Line || value > 0x7F && properties.generalCategory == .spaceSeparator
        }
    }

    /// ECMAScript 5.1, section 7.3.
    var endsJSON5Line: Bool {
        switch self {
        case "\n", "\r", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    /// ECMAScript 5.1, section 7.6: what a name without quotes may begin with.
    var beginsJSON5Name: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "$", "_": true
        case "\0"..."\u{7F}": false
        default:
            switch properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
                true
            default: false
            }
        }
    }

    /// ECMAScript 5.1, section 7.6: what it may go on with.
    var continuesJSON5Name: Bool {
        switch self {
        case "0"..."9", "\u{200C}", "\u{200D}": true
        case "\0"..."\u{7F}": beginsJSON5Name
        default:
            switch properties.generalCategory {
            case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: true
            default: beginsJSON5Name
            }
        }
    }
}
