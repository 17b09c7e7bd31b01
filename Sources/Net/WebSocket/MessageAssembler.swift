/// What arrives on a WebSocket.
package enum WebSocketMessage: Sendable, Hashable {
    case text(String)
    case binary([UInt8])

    /// Its size in bytes.
    package var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}

/// Makes messages and control frames out of bytes that arrive in pieces of any size.
///
/// After an error it is of no further use.
struct MessageAssembler {
    enum Event: Hashable {
        case message(WebSocketMessage)
        case ping([UInt8])
        case pong([UInt8])
        /// 1005 for a close frame without a code.
        case close(code: UInt16, reason: String)
    }

    /// The frame whose payload is arriving.
    private struct Current {
        let header: FrameHeader
        var received = 0
    }

    /// The message under way.
    private struct Partial {
        let isText: Bool
        var bytes: [UInt8] = []
        var check = UTF8Check()
        var fragmentCount = 0
    }

    private let role: WebSocketRole
    private let limit: Int
    private let fragmentLimit: Int
    private var current: Current?
    private var partial: Partial?
    private var control: [UInt8] = []
    private var frameCount = 0

    /// - Parameters:
    ///   - limit: The largest message in bytes.
    ///   - fragmentLimit: In how many frames it may come.
    init(role: WebSocketRole, limit: Int, fragmentLimit: Int = 131_072) {
        self.role = role
        self.limit = limit
        self.fragmentLimit = fragmentLimit
    }

    /// Bytes of the unfinished message.
    var byteCount: Int { partial?.bytes.count ?? 0 }

    /// Reads on.
    ///
    /// - Parameter input: What was not used before, and what came since.
    /// - Returns: How many bytes are used up, and what they completed. Without an event more input is needed.
    mutating func next(_ input: Span<UInt8>) throws(WebSocketError) -> (used: Int, event: Event?) {
        var used = 0
        while true {
            if current == nil {
                guard let header = try FrameHeader.read(input, at: used, role: role) else { return (used, nil) }
                try begin(header)
                used += header.byteCount
            }
            guard var frame = current else { return (used, nil) }
            let count = min(frame.header.payloadCount - frame.received, input.count - used)
            try take(input.extracting(used..<(used + count)), of: frame)
            used += count
            frame.received += count
            current = frame
            guard frame.received == frame.header.payloadCount else { return (used, nil) }
            current = nil
            if let event = try end(frame.header) { return (used, event) }
        }
    }

    private mutating func begin(_ header: FrameHeader) throws(WebSocketError) {
        switch header.opcode {
        case .continuation:
            guard partial != nil else { throw .unexpectedContinuation }
        case .text, .binary:
            guard partial == nil else { throw .missingContinuation }
            partial = Partial(isText: header.opcode == .text)
        case .close, .ping, .pong:
            control = []
        }
        if !header.opcode.isControl {
            guard header.payloadCount <= limit - (partial?.bytes.count ?? 0) else { throw .messageTooLarge }
            guard (partial?.fragmentCount ?? 0) < fragmentLimit else { throw .tooManyFragments }
            partial?.fragmentCount += 1
        }
        current = Current(header: header)
        frameCount += 1
    }

    /// How many frames began since it was asked last.
    mutating func takeFrameCount() -> Int {
        defer { frameCount = 0 }
        return frameCount
    }

    /// Unmasks a piece onto its message; the size in the header reserves nothing, since it is only a claim.
    private mutating func take(_ piece: Span<UInt8>, of frame: Current) throws(WebSocketError) {
        guard !piece.isEmpty else { return }
        guard !frame.header.opcode.isControl else {
            append(piece, of: frame, to: &control)
            return
        }
        guard var message = partial else { return }
        partial = nil
        let start = message.bytes.count
        append(piece, of: frame, to: &message.bytes)
        if message.isText {
            var check = message.check
            guard check.accept(message.bytes.span.extracting(start..<message.bytes.count)) else { throw .invalidText }
            message.check = check
        }
        partial = message
    }

    private func append(_ piece: Span<UInt8>, of frame: Current, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(copying: piece)
        guard let key = frame.header.maskingKey else { return }
        Masking.apply(key, to: &bytes, from: start, offset: frame.received)
    }

    private mutating func end(_ header: FrameHeader) throws(WebSocketError) -> Event? {
        switch header.opcode {
        case .ping: return .ping(control)
        case .pong: return .pong(control)
        case .close: return try Self.close(control)
        case .continuation, .text, .binary:
            guard header.isFinal, let message = partial else { return nil }
            partial = nil
            guard message.isText else { return .message(.binary(message.bytes)) }
            guard message.check.isComplete else { throw .invalidText }
            return .message(.text(String(decoding: message.bytes, as: UTF8.self)))
        }
    }

    private static func close(_ payload: [UInt8]) throws(WebSocketError) -> Event {
        guard !payload.isEmpty else { return .close(code: WebSocketClose.noStatus, reason: "") }
        guard payload.count >= 2 else { throw .invalidClose }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard WebSocketClose.mayTravel(code) else { throw .invalidClose }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else { throw .invalidText }
        return .close(code: code, reason: reason)
    }
}
