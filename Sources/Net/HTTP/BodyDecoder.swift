/// Decodes a body by its framing, in pieces of any size.
struct BodyDecoder {
    private enum State {
        case fixed(remaining: Int)
        case chunked(ChunkedDecoder)
        case untilClose(room: Int)
    }

    private var state: State

    init(_ framing: BodyFraming, limits: ParseLimits) throws(HTTPParseError) {
        switch framing {
        case .none: state = .fixed(remaining: 0)
        case .length(let count):
            guard count <= limits.bodyBytes else { throw .bodyTooLarge }
            state = .fixed(remaining: count)
        case .chunked: state = .chunked(ChunkedDecoder(limits: limits))
        case .untilClose: state = .untilClose(room: limits.bodyBytes)
        }
    }

    var isComplete: Bool {
        switch state {
        case .fixed(let remaining): remaining == 0
        case .chunked(let decoder): decoder.isComplete
        case .untilClose: false
        }
    }

    /// Whether the end of the connection is the end of the body.
    var endsWithConnection: Bool { if case .untilClose = state { true } else { isComplete } }

    /// Appends what `input` holds of the body to `body`; all that was decoded counts against the limit.
    ///
    /// - Returns: How many bytes were used.
    mutating func decode(_ input: Span<UInt8>, into body: inout [UInt8]) throws(HTTPParseError) -> Int {
        switch state {
        case .fixed(let remaining):
            let count = min(remaining, input.count)
            body.append(copying: input.extracting(0..<count))
            state = .fixed(remaining: remaining - count)
            return count
        case .chunked(var decoder):
            defer { state = .chunked(decoder) }
            return try decoder.decode(input, into: &body)
        case .untilClose(let room):
            guard input.count <= room else { throw .bodyTooLarge }
            body.append(copying: input)
            state = .untilClose(room: room - input.count)
            return input.count
        }
    }
}
