/// Reads JSON5 (json5.org, version 1.0.0): JSON with comments, commas at the end, names without quotes and freer texts
/// and numbers.
package struct JSON5Parser {
    /// What a text may cost.
    package struct Limits: Hashable, Sendable {
        /// A configuration with comments has some kilobytes.
        package var byteCount = 1 << 20
        /// Arrays and objects in each other; each takes a frame of the stack.
        package var depth = 32

        package init() {}
    }

    var scanner: JSON5Scanner
    private let limits: Limits

    /// Reads one value, with nothing but space and comments around it.
    ///
    /// - Parameter bytes: UTF-8.
    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSON5Problem) -> JSON5Node {
        guard bytes.count <= limits.byteCount else {
            throw JSON5Problem(.tooLong(limit: limits.byteCount), at: .start)
        }
        var parser = JSON5Parser(scanner: try JSON5Scanner(bytes), limits: limits)
        let node = try parser.value(depth: 0)
        try parser.scanner.skipSpace()
        guard parser.scanner.next == nil else { throw parser.unexpected(.end) }
        return node
    }

    private init(scanner: JSON5Scanner, limits: Limits) {
        self.scanner = scanner
        self.limits = limits
    }

    func unexpected(_ wanted: JSON5Problem.Wanted) -> JSON5Problem {
        JSON5Problem(.unexpected(scanner.next, wanted: wanted), at: scanner.place)
    }

    private mutating func value(depth: Int) throws(JSON5Problem) -> JSON5Node {
        try scanner.skipSpace()
        let place = scanner.place
        let content: JSON5Node.Content
        switch scanner.next {
        case "{"?: content = .object(try members(depth: depth + 1))
        case "["?: content = .array(try elements(depth: depth + 1))
        case "\""?, "'"?: content = .scalar(.string(try text()))
        case "."?, "+"?, "-"?: content = .scalar(try number())
        case let scalar? where scalar.isDecimalDigit: content = .scalar(try number())
        case let scalar? where scalar.beginsJSON5Name: content = .scalar(try word())
        default: throw unexpected(.value)
        }
        return JSON5Node(place: place, content: content)
    }

    private mutating func elements(depth: Int) throws(JSON5Problem) -> [JSON5Node] {
        try enter(depth)
        var elements: [JSON5Node] = []
        while true {
            try scanner.skipSpace()
            if scanner.skip("]") { return elements }
            elements.append(try value(depth: depth))
            try scanner.skipSpace()
            guard scanner.next == "]" || scanner.skip(",") else { throw unexpected(.commaOrBracket) }
        }
    }

    private mutating func members(depth: Int) throws(JSON5Problem) -> [JSON5Member] {
        try enter(depth)
        var members: [JSON5Member] = []
        while true {
            try scanner.skipSpace()
            if scanner.skip("}") { return members }
            let place = scanner.place
            let name = scanner.next == "\"" || scanner.next == "'" ? try text() : try self.name()
            try scanner.skipSpace()
            guard scanner.skip(":") else { throw unexpected(.colon) }
            members.append(JSON5Member(name: name, place: place, value: try value(depth: depth)))
            try scanner.skipSpace()
            guard scanner.next == "}" || scanner.skip(",") else { throw unexpected(.commaOrBrace) }
        }
    }

    /// Steps over the opening bracket.
    private mutating func enter(_ depth: Int) throws(JSON5Problem) {
        guard depth <= limits.depth else { throw JSON5Problem(.tooDeep(limit: limits.depth), at: scanner.place) }
        scanner.advance()
    }

    /// A value is written plainly: with escapes it would be a name, which is none.
    private mutating func word() throws(JSON5Problem) -> JSONValue {
        let place = scanner.place
        var word = String.UnicodeScalarView()
        while let scalar = scanner.next, scalar.continuesJSON5Name {
            word.append(scalar)
            scanner.advance()
        }
        switch String(word) {
        case "true": return true
        case "false": return false
        case "null": return .null
        case "Infinity": return .double(.infinity)
        case "NaN": return .double(.nan)
        case let word: throw JSON5Problem(.unknownWord(word), at: place)
        }
    }

    /// A name without quotes (ECMAScript 5.1, section 7.6, reserved words included).
    private mutating func name() throws(JSON5Problem) -> String {
        var name = String.UnicodeScalarView()
        while let scalar = scanner.next {
            let place = scanner.place
            let meant = scalar == "\\" ? try escapedScalar() : scalar
            if name.isEmpty ? meant.beginsJSON5Name : meant.continuesJSON5Name {
                name.append(meant)
                if scalar != "\\" { scanner.advance() }
            } else if scalar == "\\" {
                throw JSON5Problem(.badEscape, at: place)
            } else {
                break
            }
        }
        guard !name.isEmpty else { throw unexpected(.name) }
        return String(name)
    }
}
