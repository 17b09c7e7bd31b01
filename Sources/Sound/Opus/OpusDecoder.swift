private import COpus

/// Decodes one stream of mono Opus packets to 48 kHz.
///
/// Not for two tasks at once.
@safe package final class OpusDecoder {
    /// RFC 6716, section 3.2.5: a packet lasts 120 ms at most.
    private static let longestPacket = 5_760

    private let handle: OpaquePointer

    package init() throws(OpusError) {
        var status: Int32 = 0
        guard let handle = unsafe opus_decoder_create(Int32(OpusEncoder.sampleRate), 1, &status) else {
            throw OpusError(code: Int(status))
        }
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe opus_decoder_destroy(handle) }

    /// - Parameter packet: The next one of the stream; what is none is refused.
    package func decode(_ packet: [UInt8]) throws(OpusError) -> [Int16] {
        // An empty packet would stand for a lost one, which a stream over TCP has not.
        guard !packet.isEmpty else { throw OpusError(code: Int(OPUS_INVALID_PACKET)) }
        var status: Int32 = 0
        let samples = unsafe [Int16](unsafeUninitializedCapacity: Self.longestPacket) { buffer, count in
            status = unsafe packet.withUnsafeBufferPointer { input in
                guard let target = buffer.baseAddress else { return OPUS_BAD_ARG }
                return unsafe opus_decode(
                    handle, input.baseAddress, Int32(input.count), target, Int32(buffer.count), 0)
            }
            count = max(0, Int(status))
        }
        guard status >= 0 else { throw OpusError(code: Int(status)) }
        return samples
    }
}
