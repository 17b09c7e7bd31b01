private import COpus

/// Why Opus was not encoded; the library's own number.
package struct OpusError: Error, Hashable, Sendable {
    package let code: Int
}

/// Encodes one stream of mono speech at 48 kHz.
@safe package struct OpusEncoder: ~Copyable {
    /// In hertz.
    package static let sampleRate = 48_000
    /// Samples in a packet: 20 ms.
    package static let frameLength = 960
    /// RFC 6716, section 3.4: each frame has at most 1,275 bytes; 60 ms are three frames, with up to seven bytes around.
    private static let packetLimit = 3 * 1_275 + 7

    private let handle: OpaquePointer
    /// Samples in each packet.
    package let packetLength: Int
    /// How many samples the decoder gives before the first one that came in.
    package let preSkip: Int

    /// - Parameters:
    ///   - bitsPerSecond: 6,000 to 510,000 (RFC 6716, section 2.1.1).
    ///   - packetLength: Samples in each packet: 480, 960, 1,920 or 2,880 (10 to 60 ms).
    package init(bitsPerSecond: Int, packetLength: Int = OpusEncoder.frameLength) throws(OpusError) {
        var status: Int32 = 0
        guard let handle = unsafe opus_encoder_create(Int32(Self.sampleRate), 1, OPUS_APPLICATION_AUDIO, &status) else {
            throw OpusError(code: Int(status))
        }
        unsafe self.handle = unsafe handle
        self.packetLength = packetLength
        var lookahead: Int32 = 0
        _ = unsafe hearsay_opus_set_bit_rate(handle, Int32(bitsPerSecond))
        _ = unsafe hearsay_opus_get_lookahead(handle, &lookahead)
        preSkip = Int(lookahead)
    }

    deinit { unsafe opus_encoder_destroy(handle) }

    /// - Parameter samples: Exactly `packetLength` of them.
    /// - Returns: One packet.
    package mutating func encode(_ samples: some Sequence<Int16>) throws(OpusError) -> [UInt8] {
        let samples = Array(samples)
        precondition(samples.count == packetLength, "all packets of a stream are of one length")
        var status: Int32 = 0
        let packet = unsafe [UInt8](unsafeUninitializedCapacity: Self.packetLimit) { buffer, count in
            status = unsafe samples.withUnsafeBufferPointer { input in
                guard let source = input.baseAddress, let target = buffer.baseAddress else { return OPUS_BAD_ARG }
                return unsafe opus_encode(handle, source, Int32(packetLength), target, Int32(buffer.count))
            }
            count = max(0, Int(status))
        }
        guard status > 0 else { throw OpusError(code: Int(status)) }
        return packet
    }
}
