/// Packs speech as Opus in Ogg (RFC 7845): a page every 200 ms, so that a stream can be heard while it is made.
///
/// Pre-skip and the last granule position tell a player to give back exactly what came in.
final class OpusFileEncoder: SoundFileEncoder {
    /// RFC 7587, section 3.1.1: 28 to 40 kbit/s is the sweet spot of full-band speech.
    private static let bitsPerSecond = 32_000
    private static let packetsPerPage = 10

    private var encoder: OpusEncoder
    private var ogg = OggWriter()
    private var pending: [Int16] = []
    private var inputCount = 0
    private var packetCount = 0
    private var hasHead = false

    init() throws(EncodingError) {
        do throws(OpusError) {
            encoder = try OpusEncoder(bitsPerSecond: Self.bitsPerSecond)
        } catch {
            throw .library(.opus, code: error.code)
        }
    }

    func encode(_ samples: [Int16]) throws(EncodingError) -> [UInt8] {
        var bytes = head()
        inputCount += samples.count
        pending += samples
        var start = 0
        while pending.count - start >= OpusEncoder.frameLength {
            try add(pending[start..<(start + OpusEncoder.frameLength)])
            start += OpusEncoder.frameLength
            if packetCount.isMultiple(of: Self.packetsPerPage) { bytes += ogg.flush() }
        }
        pending.removeFirst(start)
        return bytes
    }

    func finish() throws(EncodingError) -> [UInt8] {
        let bytes = head()
        let end = inputCount + encoder.preSkip
        while packetCount * OpusEncoder.frameLength < end {
            let frame = pending + Array(repeating: 0, count: OpusEncoder.frameLength - pending.count)
            pending = []
            try add(frame[...], end: end)
        }
        return bytes + ogg.flush()
    }

    /// - Parameter end: Where the stream ends, once that is known.
    private func add(_ frame: ArraySlice<Int16>, end: Int = .max) throws(EncodingError) {
        let packet: [UInt8]
        do throws(OpusError) {
            packet = try encoder.encode(frame)
        } catch {
            throw .library(.opus, code: error.code)
        }
        packetCount += 1
        let position = packetCount * OpusEncoder.frameLength
        ogg.add(packet, at: min(position, end), isLast: position >= end)
    }

    /// The two header pages (RFC 7845, section 5), once.
    private func head() -> [UInt8] {
        guard !hasHead else { return [] }
        hasHead = true
        let preSkip = [UInt8(encoder.preSkip & 0xFF), UInt8(encoder.preSkip >> 8)]
        let rate: [UInt8] = [0x80, 0xBB, 0, 0]
        ogg.add(Array("OpusHead".utf8) + [1, 1] + preSkip + rate + [0, 0, 0], at: 0)
        let first = ogg.flush()
        let vendor = Array("hearsay".utf8)
        ogg.add(Array("OpusTags".utf8) + [UInt8(vendor.count), 0, 0, 0] + vendor + [0, 0, 0, 0], at: 0)
        return first + ogg.flush()
    }
}
