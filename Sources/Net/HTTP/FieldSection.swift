/// Collects the field lines of a head or trailer.
struct FieldSection {
    private(set) var fields = HTTPFields()
    private let countLimit: Int

    init(countLimit: Int) { self.countLimit = countLimit }

    /// Adds one line, given without its end.
    mutating func add(_ line: Span<UInt8>) throws(HTTPParseError) {
        if HTTPSyntax.isBlank(line[0]) { throw .foldedField }
        guard fields.lines.count < countLimit else { throw .tooManyFields }
        guard let colon = line.firstIndex(of: HTTPSyntax.colon), colon > 0 else { throw .invalidField }
        let name = line.extracting(0..<colon)
        guard name.allPass({ HTTPSyntax.isToken($0) }) else { throw .invalidField }
        let value = line.extracting(Self.trimmed(line, from: colon + 1))
        guard value.allPass({ HTTPSyntax.isFieldValue($0) }) else { throw .invalidField }
        fields.append(name.text(), value.text())
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
