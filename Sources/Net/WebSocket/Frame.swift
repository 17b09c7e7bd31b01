/// One encoded WebSocket frame, immutable, whose bytes all receivers share.
///
/// It is encoded as a server sends it; a client masks a copy.
package struct Frame: Sendable {
    /// Header and payload.
    let bytes: [UInt8]
    /// Where the payload begins.
    let payloadStart: Int
    let opcode: Opcode
    /// What the frame belongs to, so that unsent ones can be discarded together; 0 for nothing.
    package let tag: UInt32

    private init(_ opcode: Opcode, _ payload: some Collection<UInt8>, tag: UInt32) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + FrameHeader.maximumByteCount)
        FrameHeader.write(opcode, payloadCount: payload.count, maskingKey: nil, to: &bytes)
        payloadStart = bytes.count
        bytes.append(contentsOf: payload)
        self.bytes = bytes
        self.opcode = opcode
        self.tag = tag
    }

    /// A text message; `utf8` must be UTF-8.
    ///
    /// - Parameter tag: What it belongs to, as for `binary`.
    package static func text(_ utf8: [UInt8], tag: UInt32 = 0) -> Frame { Frame(.text, utf8, tag: tag) }

    /// A binary message.
    ///
    /// - Parameter tag: What it belongs to, so that `sendUrgent` can discard it while unsent; 0 for nothing.
    package static func binary(_ bytes: [UInt8], tag: UInt32 = 0) -> Frame { Frame(.binary, bytes, tag: tag) }

    /// A text message.
    static func text(_ text: String) -> Frame { Frame(.text, text.utf8, tag: 0) }

    static func ping(_ payload: [UInt8]) -> Frame { control(.ping, payload) }

    static func pong(_ payload: [UInt8]) -> Frame { control(.pong, payload) }

    /// A close frame; 1005 stands for no code.
    ///
    /// A reason too long is cut between two characters.
    static func close(_ code: UInt16, reason: String) -> Frame {
        guard code != WebSocketClose.noStatus else { return control(.close, []) }
        var payload = [UInt8(code >> 8), UInt8(code & 0xFF)]
        for character in reason {
            guard payload.count + character.utf8.count <= FrameHeader.maximumControlPayload else { break }
            payload.append(contentsOf: character.utf8)
        }
        return control(.close, payload)
    }

    private static func control(_ opcode: Opcode, _ payload: [UInt8]) -> Frame {
        precondition(payload.count <= FrameHeader.maximumControlPayload, "a control frame carries at most 125 bytes")
        return Frame(opcode, payload, tag: 0)
    }

    /// Header and payload together.
    package var byteCount: Int { bytes.count }

    /// The payload alone.
    package var payload: ArraySlice<UInt8> { bytes[payloadStart...] }

    /// The bytes as a client sends them.
    func masked(by key: UInt32) -> [UInt8] {
        var masked: [UInt8] = []
        masked.reserveCapacity(bytes.count + 4)
        FrameHeader.write(opcode, payloadCount: bytes.count - payloadStart, maskingKey: key, to: &masked)
        let start = masked.count
        masked.append(contentsOf: payload)
        Masking.apply(key, to: &masked, from: start, offset: 0)
        return masked
    }
}
