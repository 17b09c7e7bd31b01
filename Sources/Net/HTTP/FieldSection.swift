/// Collects the field lines of a head or trailer.
struct FieldSection {
    private(set) var fields = HTTPFields()
    private let countLimit: Int
    private let joinsFolds: Bool

    /// - Parameter joinsFolds: Whether a value may go on in the next line. A client has to put up with that, a server
    ///   must not (RFC 9112, section 5.2).
    init(countLimit: Int, joinsFolds: Bool = false) {
        self.countLimit = countLimit
        self.joinsFolds = joinsFolds
    }

    /// Adds one line, given without its end.
    mutating func add(_ line: Span<UInt8>) throws(HTTPParseError) {
        if HTTPSyntax.isBlank(line[0]) { return try join(line) }
        guard fields.lines.count < countLimit else { throw .tooManyFields }
        guard let colon = line.firstIndex(of: HTTPSyntax.colon), colon > 0 else { throw .invalidField }
        let name = line.extracting(0..<colon)
        guard name.allPass({ HTTPSyntax.isToken($0) }) else { throw .invalidField }
        fields.append(name.text(), try Self.value(line, from: colon + 1))
    }

    private mutating func join(_ line: Span<UInt8>) throws(HTTPParseError) {
        guard joinsFolds, !fields.lines.isEmpty else { throw .foldedField }
        let more = try Self.value(line, from: 0)
        if !more.isEmpty { fields.extendLast(by: " " + more) }
    }

    private static func value(_ line: Span<UInt8>, from start: Int) throws(HTTPParseError) -> String {
        let value = line.extracting(trimmed(line, from: start))
        guard value.allPass({ HTTPSyntax.isFieldValue($0) }) else { throw .invalidField }
        return value.text()
    }

    /// Where the value lies without the white space around it.
    private static func trimmed(_ line: Span<UInt8>, from start: Int) -> Range<Int> {
        var first = start
        var last = line.count
        while first < last, HTTPSyntax.isBlank(line[first]) { first += 1 }
        while first < last, HTTPSyntax.isBlank(line[last - 1]) { last -= 1 }
        return first..<last
    }
}
