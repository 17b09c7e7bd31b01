/// The header of one frame (RFC 6455, section 5.2).
struct FrameHeader: Hashable {
    let opcode: Opcode
    let isFinal: Bool
    /// Nil for an unmasked frame.
    let maskingKey: UInt32?
    let payloadCount: Int
    /// How many bytes the header takes: 2 to 14.
    let byteCount: Int

    /// RFC 6455, section 5.5: control frames carry at most 125 bytes.
    static let maximumControlPayload = 125
    static let maximumByteCount = 14

    /// Reads the header at `start`; nil if it is not complete yet.
    ///
    /// What can be refused is refused at once, before the rest arrives.
    static func read(
        _ input: Span<UInt8>, at start: Int, role: WebSocketRole
    ) throws(WebSocketError) -> FrameHeader? {
        guard input.count > start else { return nil }
        let first = input[start]
        guard first & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .unknownOpcode }
        let isFinal = first & 0x80 != 0
        guard isFinal || !opcode.isControl else { throw .fragmentedControlFrame }

        guard input.count > start + 1 else { return nil }
        let second = input[start + 1]
        let isMasked = second & 0x80 != 0
        guard isMasked == (role == .server) else { throw .wrongMasking }
        let short = Int(second & 0x7F)
        guard short <= maximumControlPayload || !opcode.isControl else { throw .longControlFrame }

        let lengthBytes = short == 127 ? 8 : short == 126 ? 2 : 0
        let byteCount = 2 + lengthBytes + (isMasked ? 4 : 0)
        guard input.count >= start + byteCount else { return nil }
        let length = lengthBytes == 0 ? UInt64(short) : number(input, at: start + 2, count: lengthBytes)
        let least: UInt64 = lengthBytes == 8 ? 65536 : lengthBytes == 2 ? 126 : 0
        guard length >= least, let payloadCount = Int(exactly: length) else { throw .invalidLength }
        let key = isMasked ? UInt32(number(input, at: start + byteCount - 4, count: 4)) : nil
        return FrameHeader(
            opcode: opcode, isFinal: isFinal, maskingKey: key, payloadCount: payloadCount, byteCount: byteCount)
    }

    /// The header of a whole, unfragmented frame.
    static func write(_ opcode: Opcode, payloadCount: Int, maskingKey: UInt32?, to bytes: inout [UInt8]) {
        bytes.append(0x80 | opcode.rawValue)
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        switch payloadCount {
        case ...125: bytes.append(mask | UInt8(payloadCount))
        case ...0xFFFF:
            bytes.append(mask | 126)
            append(UInt64(payloadCount), count: 2, to: &bytes)
        default:
            bytes.append(mask | 127)
            append(UInt64(payloadCount), count: 8, to: &bytes)
        }
        if let maskingKey { append(UInt64(maskingKey), count: 4, to: &bytes) }
    }

    private static func number(_ input: Span<UInt8>, at start: Int, count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in start..<(start + count) { value = value << 8 | UInt64(input[index]) }
        return value
    }

    private static func append(_ value: UInt64, count: Int, to bytes: inout [UInt8]) {
        for shift in stride(from: (count - 1) * 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }
}
