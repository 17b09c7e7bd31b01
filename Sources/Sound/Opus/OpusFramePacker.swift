/// Packs a stream as bare Opus packets, one to a frame of 20 ms.
final class OpusFramePacker: FramePacker {
    /// RFC 7587, section 3.1.1: 16 to 20 kbit/s is the sweet spot of wide-band speech, 28 to 40 that of full-band speech;
    /// voices of 24 kHz lie between.
    static let bitsPerSecond = 24_000

    private var encoder: OpusEncoder
    /// What a decoder gives out of all packets so far.
    private var packedCount = 0

    init() throws(EncodingError) {
        do throws(OpusError) {
            encoder = try OpusEncoder(bitsPerSecond: Self.bitsPerSecond)
        } catch {
            throw .library(.opus, code: error.code)
        }
    }

    var preSkip: Int { encoder.preSkip }

    func pack(_ samples: [Int16]) throws(EncodingError) -> [UInt8] {
        packedCount += samples.count
        do throws(OpusError) {
            return try encoder.encode(samples)
        } catch {
            throw .library(.opus, code: error.code)
        }
    }

    func finish(_ rest: [Int16]) throws(EncodingError) -> [[UInt8]] {
        // A decoder lags by the pre-skip, so that much silence pushes the last samples out.
        let end = packedCount + rest.count + preSkip
        guard end > preSkip else { return [] }
        var packets: [[UInt8]] = []
        var pending = rest
        while packedCount < end {
            packets.append(try pack(pending + Array(repeating: 0, count: OpusEncoder.frameLength - pending.count)))
            pending = []
        }
        return packets
    }
}
