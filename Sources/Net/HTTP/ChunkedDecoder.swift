/// Decodes the chunked transfer coding (RFC 9112, section 7.1); extensions and trailers are checked and dropped.
struct ChunkedDecoder {
    private enum State {
        case size
        case data(remaining: Int)
        case dataEnd
        case trailer
        case complete
    }

    private var state = State.size
    private var lines: LineReader
    private var trailer: FieldSection
    /// What extensions may still spend: together as much as a head, for nobody uses them.
    private var extensionBytes: Int
    /// What the body may still grow by.
    private var room: Int
    private let limits: ParseLimits

    init(limits: ParseLimits) {
        self.limits = limits
        lines = Self.sizeLine
        trailer = FieldSection(countLimit: limits.fieldCount)
        extensionBytes = limits.headBytes
        room = limits.bodyBytes
    }

    var isComplete: Bool { if case .complete = state { true } else { false } }

    /// Decodes what it can of `input` onto the end of `body`.
    ///
    /// - Returns: How many bytes were used; the rest comes again with more behind it.
    mutating func decode(_ input: Span<UInt8>, into body: inout [UInt8]) throws(HTTPParseError) -> Int {
        var used = 0
        while !isComplete {
            let step = try step(input, from: used, into: &body)
            guard let step else { break }
            used = step
        }
        return used
    }

    private mutating func step(
        _ input: Span<UInt8>, from start: Int, into body: inout [UInt8]
    ) throws(HTTPParseError) -> Int? {
        switch state {
        case .size:
            guard let line = try line(in: input, from: start) else { return nil }
            let head = try ChunkHead(input.extracting(line))
            extensionBytes -= head.extensionByteCount
            guard extensionBytes >= 0 else { throw .invalidChunk }
            state = head.size == 0 ? .trailer : .data(remaining: head.size)
            lines = head.size == 0 ? LineReader(limit: limits.headBytes) : Self.sizeLine
            return line.upperBound + 2
        case .data(let remaining):
            let count = min(remaining, input.count - start)
            guard count > 0 else { return nil }
            guard count <= room else { throw .bodyTooLarge }
            room -= count
            body.append(copying: input.extracting(start..<(start + count)))
            state = count == remaining ? .dataEnd : .data(remaining: remaining - count)
            return start + count
        case .dataEnd:
            guard input.count > start else { return nil }
            guard input[start] == HTTPSyntax.carriageReturn else { throw .invalidChunk }
            guard input.count > start + 1 else { return nil }
            guard input[start + 1] == HTTPSyntax.lineFeed else { throw .invalidChunk }
            state = .size
            return start + 2
        case .trailer:
            guard let line = try lines.next(in: input, from: start) else { return nil }
            if line.isEmpty { state = .complete } else { try trailer.add(input.extracting(line)) }
            return line.upperBound + 2
        case .complete:
            return nil
        }
    }

    private mutating func line(in input: Span<UInt8>, from start: Int) throws(HTTPParseError) -> Range<Int>? {
        do { return try lines.next(in: input, from: start) } catch {
            throw error == .headTooLarge ? .invalidChunk : error
        }
    }

    /// Room for a size and a few extensions, which nobody uses.
    private static let sizeLine = LineReader(limit: 256)
}
