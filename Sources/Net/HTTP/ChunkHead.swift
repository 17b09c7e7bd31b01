/// The first line of a chunk: its size, then extensions, which are checked and dropped (RFC 9112, section 7.1).
struct ChunkHead {
    let size: Int
    /// What the line spends on extensions.
    let extensionByteCount: Int

    /// Reads a line given without its end.
    init(_ line: Span<UInt8>) throws(HTTPParseError) {
        var size = 0
        var index = 0
        while index < line.count, let digit = HTTPSyntax.hexadecimal(line[index]) {
            // 15 digits fit into an Int; larger chunks exceed every limit anyway.
            guard index < 15 else { throw .invalidChunk }
            size = size << 4 | digit
            index += 1
        }
        guard index > 0, Self.isExtensions(line, from: index) else { throw .invalidChunk }
        self.size = size
        extensionByteCount = line.count - index
    }

    /// Whether the rest of the line is nothing, or `; name`, `; name=value` as often as it likes.
    private static func isExtensions(_ line: Span<UInt8>, from start: Int) -> Bool {
        var index = start
        while index < line.count {
            index = afterBlanks(line, index)
            guard index < line.count, line[index] == HTTPSyntax.semicolon else { return false }
            let name = afterBlanks(line, index + 1)
            index = afterToken(line, name)
            guard index > name else { return false }
            let sign = afterBlanks(line, index)
            guard sign < line.count, line[sign] == UInt8(ascii: "=") else { continue }
            let value = afterBlanks(line, sign + 1)
            index = value < line.count && line[value] == quote ? afterQuoted(line, value) : afterToken(line, value)
            guard index > value else { return false }
        }
        return true
    }

    private static func afterBlanks(_ line: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < line.count, HTTPSyntax.isBlank(line[index]) { index += 1 }
        return index
    }

    private static func afterToken(_ line: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < line.count, HTTPSyntax.isToken(line[index]) { index += 1 }
        return index
    }

    /// - Returns: `start` if the string does not end, or holds what no string may (RFC 9110, section 5.6.4).
    private static func afterQuoted(_ line: Span<UInt8>, _ start: Int) -> Int {
        var index = start + 1
        while index < line.count, HTTPSyntax.isFieldValue(line[index]) {
            if line[index] == quote { return index + 1 }
            if line[index] == UInt8(ascii: "\\") {
                index += 1
                guard index < line.count, HTTPSyntax.isFieldValue(line[index]) else { return start }
            }
            index += 1
        }
        return start
    }

    private static let quote = UInt8(ascii: "\"")
}
