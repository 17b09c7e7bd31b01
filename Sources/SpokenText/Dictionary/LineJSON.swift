/// A JSON value that knows the line it stands on.
struct LineJSON: Hashable, Sendable {
    indirect enum Value: Hashable, Sendable {
        case text(String)
        case flag(Bool)
        case number(Double)
        case null
        case array([LineJSON])
        case object([Member])
    }

    struct Member: Hashable, Sendable {
        var name: String
        var value: LineJSON
    }

    var value: Value
    /// Counted from 1.
    var line: Int

    var text: String? { if case .text(let text) = value { text } else { nil } }
    var elements: [LineJSON]? { if case .array(let elements) = value { elements } else { nil } }
    var members: [Member]? { if case .object(let members) = value { members } else { nil } }
}

/// Reads JSON; comments behind `//` and a comma behind the last element are allowed, since people write these files.
struct LineJSONParser {
    /// Values within values beyond this are refused.
    private static let depthLimit = 16

    private let text: [Unicode.Scalar]
    private var index = 0
    private var line = 1

    private init(_ text: String) {
        self.text = Array(text.unicodeScalars)
    }

    static func parse(_ text: String) throws(PronunciationProblem) -> LineJSON {
        var parser = LineJSONParser(text)
        if parser.peek == "\u{FEFF}" { parser.index += 1 }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == parser.text.count else { throw parser.problem("the file goes on behind its value") }
        return value
    }

    private var peek: Unicode.Scalar? { index < text.count ? text[index] : nil }

    private func problem(_ reason: String) -> PronunciationProblem {
        PronunciationProblem(line: line, kind: .syntax(reason))
    }

    private mutating func skipSpace() {
        while let scalar = peek {
            if scalar == "/", index + 1 < text.count, text[index + 1] == "/" {
                while let next = peek, next != "\n" { index += next == "\n" ? 0 : 1 }
            } else if scalar.isSpace {
                if scalar == "\n" { line += 1 }
                index += 1
            } else {
                return
            }
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(PronunciationProblem) -> LineJSON {
        skipSpace()
        guard depth < Self.depthLimit else { throw problem("values are nested too deeply") }
        let start = line
        switch peek {
        case "{": return LineJSON(value: try object(depth: depth), line: start)
        case "[": return LineJSON(value: try array(depth: depth), line: start)
        case "\"": return LineJSON(value: .text(try string()), line: start)
        default: return LineJSON(value: try word(), line: start)
        }
    }

    private mutating func object(depth: Int) throws(PronunciationProblem) -> LineJSON.Value {
        index += 1
        var members: [LineJSON.Member] = []
        while !take("}") {
            guard peek == "\"" else { throw problem("a name in quotes is expected") }
            let name = try string()
            guard take(":") else { throw problem("a colon is expected behind \"\(name)\"") }
            members.append(LineJSON.Member(name: name, value: try value(depth: depth + 1)))
            if take("}") { break }
            guard take(",") else { throw problem("a comma or } is expected") }
        }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(PronunciationProblem) -> LineJSON.Value {
        index += 1
        var elements: [LineJSON] = []
        while !take("]") {
            elements.append(try value(depth: depth + 1))
            if take("]") { break }
            guard take(",") else { throw problem("a comma or ] is expected") }
        }
        return .array(elements)
    }

    private mutating func word() throws(PronunciationProblem) -> LineJSON.Value {
        let start = index
        while let scalar = peek, scalar.isWordPart || scalar == "-" || scalar == "+" || scalar == "." { index += 1 }
        let word = SSMLTag.string(text[start..<index])
        switch word {
        case "true": return .flag(true)
        case "false": return .flag(false)
        case "null": return .null
        default:
            guard let number = Double(word) else {
                throw problem(word.isEmpty ? "a value is missing" : "\(word) is no value")
            }
            return .number(number)
        }
    }

    private mutating func string() throws(PronunciationProblem) -> String {
        index += 1
        var view = String.UnicodeScalarView()
        while let scalar = peek, scalar != "\n" {
            index += 1
            if scalar == "\"" { return String(view) }
            view.append(scalar == "\\" ? try escape() : scalar)
        }
        throw problem("a text has no closing quote")
    }

    private mutating func escape() throws(PronunciationProblem) -> Unicode.Scalar {
        guard let scalar = peek else { throw problem("a text has no closing quote") }
        index += 1
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "b", "f": return " "
        case "u": return try codePoint()
        default: return scalar
        }
    }

    private mutating func codePoint() throws(PronunciationProblem) -> Unicode.Scalar {
        guard var value = unit() else { throw problem("four hexadecimal digits are expected behind \\u") }
        // RFC 8259, section 7: what lies beyond 16 bits is written as a pair of surrogates.
        if (0xD800..<0xDC00).contains(value), peek == "\\", index + 1 < text.count, text[index + 1] == "u" {
            index += 2
            guard let low = unit(), (0xDC00..<0xE000).contains(low) else { throw problem("half a pair behind \\u") }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw problem("half a pair behind \\u") }
        return scalar
    }

    private mutating func unit() -> UInt32? {
        guard index + 4 <= text.count, text[index..<index + 4].allSatisfy(\.isHexDigit) else { return nil }
        defer { index += 4 }
        return UInt32(SSMLTag.string(text[index..<index + 4]), radix: 16)
    }
}
