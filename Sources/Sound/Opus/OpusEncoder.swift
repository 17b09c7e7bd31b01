private import COpus

/// Why Opus was not encoded; the library's own number.
package struct OpusError: Error, Hashable, Sendable {
    package let code: Int
}

/// Encodes one stream of mono speech at 48 kHz, 20 ms a packet.
@safe package struct OpusEncoder: ~Copyable {
    /// In hertz.
    package static let sampleRate = 48_000
    /// Samples in a packet: 20 ms.
    package static let frameLength = 960
    /// RFC 6716, section 3.4: a packet of one frame has at most 1,275 bytes and its first byte.
    private static let packetLimit = 1_276

    private let handle: OpaquePointer
    /// How many samples the decoder gives before the first one that came in.
    package let preSkip: Int

    /// - Parameter bitsPerSecond: 6,000 to 510,000 (RFC 6716, section 2.1.1).
    package init(bitsPerSecond: Int) throws(OpusError) {
        var status: Int32 = 0
        guard let handle = unsafe opus_encoder_create(Int32(Self.sampleRate), 1, OPUS_APPLICATION_AUDIO, &status) else {
            throw OpusError(code: Int(status))
        }
        unsafe self.handle = unsafe handle
        var lookahead: Int32 = 0
        _ = unsafe hearsay_opus_set_bit_rate(handle, Int32(bitsPerSecond))
        _ = unsafe hearsay_opus_get_lookahead(handle, &lookahead)
        preSkip = Int(lookahead)
    }

    deinit { unsafe opus_encoder_destroy(handle) }

    /// - Parameter samples: Exactly `frameLength` of them.
    /// - Returns: One packet.
    package mutating func encode(_ samples: some Sequence<Int16>) throws(OpusError) -> [UInt8] {
        let samples = Array(samples)
        precondition(samples.count == Self.frameLength, "a packet holds 20 ms")
        var status: Int32 = 0
        let packet = unsafe [UInt8](unsafeUninitializedCapacity: Self.packetLimit) { buffer, count in
            status = unsafe samples.withUnsafeBufferPointer { input in
                guard let source = input.baseAddress, let target = buffer.baseAddress else { return OPUS_BAD_ARG }
                return unsafe opus_encode(handle, source, Int32(Self.frameLength), target, Int32(buffer.count))
            }
            count = max(0, Int(status))
        }
        guard status > 0 else { throw OpusError(code: Int(status)) }
        return packet
    }
}
