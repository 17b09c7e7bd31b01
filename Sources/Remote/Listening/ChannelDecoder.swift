import Sound
import Wire

/// Turns the frames of one channel into the samples of its job: exactly those that were packed.
final class ChannelDecoder {
    private let codec: StreamCodec
    private var opus: OpusDecoder?
    /// Job time of the first sample, in samples.
    private let firstTimestamp: Int
    private var toSkip: Int
    /// What fills the last packet is less than a packet, so that much waits until the end is known.
    private var held: [Int16] = []
    private var givenCount = 0

    /// - Returns: Nil for a codec that is not decoded here.
    init?(_ begin: AudioBegin) {
        codec = begin.format.codec
        firstTimestamp = AudioFormat(sampleRate: begin.format.sampleRate).sampleCount(in: begin.start)
        toSkip = begin.preSkip
        switch codec {
        case .pcm: opus = nil
        case .opus:
            guard let decoder = try? OpusDecoder() else { return nil }
            opus = decoder
        case .wav, .mp3: return nil
        }
    }

    /// - Returns: The samples that sound for certain.
    func decode(_ payload: [UInt8]) throws(OpusError) -> [Int16] {
        guard let packet = try opus?.decode(payload) else {
            return PCM16.samples(of: payload.prefix(payload.count / 2 * 2)) ?? []
        }
        held += packet.dropFirst(toSkip)
        toSkip -= min(toSkip, packet.count)
        let surplus = held.count - OpusEncoder.frameLength
        guard surplus > 0 else { return [] }
        defer { held.removeFirst(surplus) }
        givenCount += surplus
        return Array(held.prefix(surplus))
    }

    /// The rest.
    ///
    /// - Parameter timestamp: Where the channel ends, in samples of job time modulo 2³².
    func finish(at timestamp: UInt32) -> [Int16] {
        let total = Int(timestamp &- UInt32(truncatingIfNeeded: firstTimestamp))
        defer { held = [] }
        return Array(held.prefix(max(0, total - givenCount)))
    }
}
