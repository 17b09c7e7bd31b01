/// Cuts lines that end in CRLF, and nothing else, out of bytes that arrive in pieces.
struct LineReader {
    /// Bytes of the unfinished line that were looked at already.
    private var scanned = 0
    /// Bytes of all lines cut so far, line ends included.
    private(set) var used = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The next line without its end.
    ///
    /// - Parameter start: Where the line begins. After nil, call again with `start` at the same byte and more input.
    mutating func next(in input: Span<UInt8>, from start: Int) throws(HTTPParseError) -> Range<Int>? {
        var index = start + scanned
        while index < input.count {
            let byte = input[index]
            let followsReturn = index > start && input[index - 1] == HTTPSyntax.carriageReturn
            if used + index - start >= limit { throw .headTooLarge }
            if byte == HTTPSyntax.lineFeed {
                guard followsReturn else { throw .bareLineFeed }
                used += index + 1 - start
                scanned = 0
                return start..<(index - 1)
            }
            if followsReturn { throw .bareCarriageReturn }
            index += 1
        }
        scanned = input.count - start
        return nil
    }
}
