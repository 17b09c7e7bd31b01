/// A complete, checked response head.
package struct ResponseHead: Sendable, Hashable {
    /// Three digits.
    package let status: Int
    /// Fields as they came.
    package let fields: HTTPFields
}

/// Reads one response out of bytes that arrive in pieces of any size; interim (1xx) responses are skipped.
struct ResponseParser {
    enum Event {
        case head(ResponseHead)
        case body([UInt8])
        case end
    }

    private enum State {
        case startLine
        case fields(StatusLine, FieldSection)
        case body(BodyDecoder)
        case complete
    }

    private var state = State.startLine
    private var lines: LineReader
    private let limits: ParseLimits
    private let isHead: Bool

    /// - Parameter method: That of the request; the response to `HEAD` has no body, whatever its fields say.
    init(method: String, limits: ParseLimits = ParseLimits()) {
        self.limits = limits
        isHead = method == "HEAD"
        lines = LineReader(limit: limits.headBytes)
    }

    /// Reads on, as `RequestParser.next`.
    ///
    /// A body comes in as many pieces as it arrived in.
    mutating func next(_ input: Span<UInt8>) throws(HTTPParseError) -> (used: Int, event: Event?) {
        var used = 0
        while true {
            switch state {
            case .complete:
                return (used, nil)
            case .body(var decoder):
                if decoder.isComplete {
                    state = .complete
                    return (used, .end)
                }
                var piece: [UInt8] = []
                used += try decoder.decode(input.extracting(used..<input.count), into: &piece)
                state = .body(decoder)
                if !piece.isEmpty { return (used, .body(piece)) }
                if !decoder.isComplete { return (used, nil) }
            default:
                guard let line = try lines.next(in: input, from: used) else { return (used, nil) }
                used = line.upperBound + 2
                if let head = try read(input.extracting(line)) { return (used, .head(head)) }
            }
        }
    }

    /// The connection ended.
    ///
    /// - Returns: Whether that is the proper end of the response.
    mutating func connectionEnded() -> Bool {
        switch state {
        case .complete: return true
        case .body(let decoder) where decoder.endsWithConnection:
            state = .complete
            return true
        default: return false
        }
    }

    private mutating func read(_ line: Span<UInt8>) throws(HTTPParseError) -> ResponseHead? {
        switch state {
        case .startLine:
            state = .fields(try StatusLine(line), FieldSection(countLimit: limits.fieldCount, joinsFolds: true))
        case .fields(let start, let section) where line.isEmpty:
            let head = ResponseHead(status: start.status, fields: section.fields)
            if start.status / 100 == 1, start.status != 101 {
                self = ResponseParser(method: isHead ? "HEAD" : "", limits: limits)
                return nil
            }
            state = .body(try BodyDecoder(try framing(of: head, start.version), limits: limits))
            return head
        case .fields(let start, var section):
            state = .startLine
            try section.add(line)
            state = .fields(start, section)
        case .body, .complete:
            break
        }
        return nil
    }

    private func framing(of head: ResponseHead, _ version: HTTPVersion) throws(HTTPParseError) -> BodyFraming {
        if isHead || head.status == 101 || head.status == 204 || head.status == 304 { return .none }
        let framing = try BodyFraming.declared(by: head.fields) ?? .untilClose
        // RFC 9112, section 6.1: HTTP/1.0 has no transfer codings.
        guard framing != .chunked || version == .http11 else { throw .invalidTransferCoding }
        return framing
    }
}

/// The first line of a response.
private struct StatusLine {
    let version: HTTPVersion
    let status: Int

    /// Reads `HTTP/1.1 200 OK`; the reason may be empty.
    init(_ line: Span<UInt8>) throws(HTTPParseError) {
        guard line.count >= 12 else { throw .malformedStartLine }
        version = try HTTPVersion(line.extracting(0..<8))
        guard line[8] == HTTPSyntax.space, line.count == 12 || line[12] == HTTPSyntax.space,
            let hundreds = HTTPSyntax.decimal(line[9]), let tens = HTTPSyntax.decimal(line[10]),
            let ones = HTTPSyntax.decimal(line[11]), hundreds > 0,
            line.allPass({ HTTPSyntax.isFieldValue($0) })
        else { throw .malformedStartLine }
        status = hundreds * 100 + tens * 10 + ones
    }
}
