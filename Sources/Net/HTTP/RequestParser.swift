/// Reads requests, one after the other, out of bytes that arrive in pieces of any size.
///
/// After an error the parser is of no further use: where the next request begins is unknown.
struct RequestParser {
    enum Event {
        /// The head is complete. The body follows, even if it is empty.
        case head(RequestHead)
        case end(body: [UInt8])
    }

    private enum State {
        case startLine
        case fields(RequestLine, FieldSection)
        case body(BodyDecoder)
    }

    private var state = State.startLine
    private var lines: LineReader
    private var body: [UInt8] = []
    private var hasSkippedLine = false
    private var isUpload = false
    private let limits: ParseLimits

    init(limits: ParseLimits = ParseLimits()) {
        self.limits = limits
        lines = LineReader(limit: limits.headBytes)
    }

    /// Whether nothing of a request has been read yet.
    var isBetweenRequests: Bool { if case .startLine = state { true } else { false } }

    /// Bytes of the body read so far.
    var bodyByteCount: Int { body.count }

    /// Reads on.
    ///
    /// - Parameter input: What was not used before, and what came since.
    /// - Returns: How many bytes are used up, and what they completed. Without an event more input is needed.
    mutating func next(_ input: Span<UInt8>) throws(HTTPParseError) -> (used: Int, event: Event?) {
        var used = 0
        while true {
            if case .body(var decoder) = state {
                defer { state = .body(decoder) }
                do { used += try decoder.decode(input.extracting(used..<input.count), into: &body) } catch {
                    throw named(error)
                }
                break
            }
            if isBetweenRequests, used < input.count, !RequestLine.mayBegin(with: input[used]) {
                // TLS on a plain port, for one: it has no line end to wait for.
                throw .malformedStartLine
            }
            guard let line = try line(in: input, from: used) else { return (used, nil) }
            used = line.upperBound + 2
            if let head = try read(input.extracting(line)) { return (used, .head(head)) }
        }
        guard case .body(let decoder) = state, decoder.isComplete else { return (used, nil) }
        let event = Event.end(body: body)
        self = RequestParser(limits: limits)
        return (used, event)
    }

    /// The error with the limit that holds at the path.
    private func named(_ error: HTTPParseError) -> HTTPParseError {
        error == .bodyTooLarge && isUpload ? .uploadTooLarge : error
    }

    private mutating func line(in input: Span<UInt8>, from start: Int) throws(HTTPParseError) -> Range<Int>? {
        do { return try lines.next(in: input, from: start) } catch {
            throw error == .headTooLarge && isBetweenRequests ? .startLineTooLong : error
        }
    }

    private mutating func read(_ line: Span<UInt8>) throws(HTTPParseError) -> RequestHead? {
        switch state {
        case .startLine where line.isEmpty:
            // RFC 9112, section 2.2: an empty line before a request is ignored. One, not a flood.
            guard !hasSkippedLine else { throw .malformedStartLine }
            hasSkippedLine = true
        case .startLine:
            state = .fields(try RequestLine(line), FieldSection(countLimit: limits.fieldCount))
        case .fields(let start, let section) where line.isEmpty:
            let head = try RequestHead(line: start, fields: section.fields)
            isUpload = limits.uploadPaths.contains(head.target.path)
            let limits = limits.at(head.target.path)
            do { state = .body(try BodyDecoder(head.framing, limits: limits)) } catch { throw named(error) }
            return head
        case .fields(let start, var section):
            state = .startLine
            try section.add(line)
            state = .fields(start, section)
        case .body:
            break
        }
        return nil
    }
}
