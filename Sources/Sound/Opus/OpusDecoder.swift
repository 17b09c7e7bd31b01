private import COpus

/// Decodes one stream of Opus packets to mono.
///
/// Not for two tasks at once.
@safe package final class OpusDecoder {
    /// RFC 6716, section 3.2.5: a packet lasts 120 ms at most.
    package static let longestPacket = Duration.milliseconds(120)

    private let handle: OpaquePointer
    private let sampleRate: Int

    /// - Parameter sampleRate: Of what comes out: 8, 12, 16, 24 or 48 kHz.
    package init(sampleRate: Int = OpusEncoder.sampleRate) throws(OpusError) {
        var status: Int32 = 0
        guard let handle = unsafe opus_decoder_create(Int32(sampleRate), 1, &status) else {
            throw OpusError(code: Int(status))
        }
        unsafe self.handle = unsafe handle
        self.sampleRate = sampleRate
    }

    deinit { unsafe opus_decoder_destroy(handle) }

    /// How many samples a packet holds, by its first bytes.
    ///
    /// - Throws: The library's error for what is no packet.
    package static func sampleCount(of packet: [UInt8], sampleRate: Int) throws(OpusError) -> Int {
        let count = unsafe packet.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return OPUS_INVALID_PACKET }
            return unsafe opus_packet_get_nb_samples(start, Int32(buffer.count), Int32(sampleRate))
        }
        guard count > 0 else { throw OpusError(code: Int(count)) }
        return Int(count)
    }

    /// - Parameter packet: The next one of the stream, its channels mixed; what is none is refused.
    package func decode(_ packet: [UInt8]) throws(OpusError) -> [Int16] {
        // An empty packet would stand for a lost one, which a stream over TCP has not.
        guard !packet.isEmpty else { throw OpusError(code: Int(OPUS_INVALID_PACKET)) }
        let room = sampleRate * 120 / 1_000
        var status: Int32 = 0
        let samples = unsafe [Int16](unsafeUninitializedCapacity: room) { buffer, count in
            status = unsafe packet.withUnsafeBufferPointer { input in
                guard let target = buffer.baseAddress else { return OPUS_BAD_ARG }
                return unsafe opus_decode(handle, input.baseAddress, Int32(input.count), target, Int32(room), 0)
            }
            count = max(0, Int(status))
        }
        guard status >= 0 else { throw OpusError(code: Int(status)) }
        return samples
    }
}
