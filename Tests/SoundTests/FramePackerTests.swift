import Testing

@testable import Sound

/// What is sent while it sounds comes out of the decoder in its place.
@Suite struct FramePackerTests {
    /// Noise that rises and falls, so that it fits itself at one place only.
    private static func noise(_ count: Int) -> [Int16] {
        var state: UInt32 = 1
        var level = 0.0
        return (0..<count).map { index in
            state = state &* 1_664_525 &+ 1_013_904_223
            level += (Double(Int32(bitPattern: state)) / 2_147_483_648 - level) / 6
            let swell = Double(index % 7_000) / 7_000
            return Int16(level * 30_000 * swell)
        }
    }

    private static func frames(_ format: StreamFormat, _ samples: [Int16]) throws -> (preSkip: Int, all: [[UInt8]]) {
        let packer = try format.packer()
        let length = format.sampleRate / 50
        var all: [[UInt8]] = []
        var start = 0
        while samples.count - start >= length {
            all.append(try packer.pack(Array(samples[start..<(start + length)])))
            start += length
        }
        return (packer.preSkip, all + (try packer.finish(Array(samples[start...]))))
    }

    @Test(arguments: [1, 647, 648, 649, 959, 960, 961, 20_000])
    func `Opus packets give back all that went in, in its place`(count: Int) throws {
        let samples = Self.noise(count)
        let (preSkip, packets) = try Self.frames(StreamFormat(.opus, sampleRate: 24_000), samples)
        let decoder = try OpusDecoder()
        var decoded: [Int16] = []
        for packet in packets { decoded += try decoder.decode(packet) }
        let surplus = decoded.count - preSkip - count
        #expect((0..<OpusEncoder.frameLength).contains(surplus))
        guard count > 10_000 else { return }
        // The codec itself moves a wave by a sample or so; that is 0.02 ms.
        let shift = try #require(Self.bestShift(of: Array(decoded.dropFirst(preSkip)), to: samples, within: 100))
        #expect((-2...2).contains(shift))
    }

    @Test func `nothing makes no packets`() throws {
        #expect(try Self.frames(StreamFormat(.opus, sampleRate: 48_000), []).all.isEmpty)
        #expect(try Self.frames(StreamFormat(.pcm, sampleRate: 48_000), []).all.isEmpty)
    }

    @Test func `an Opus stream takes about 24 kbit each second`() throws {
        let format = StreamFormat(.opus, sampleRate: 48_000)
        let bytes = try Self.frames(format, Self.noise(96_000)).all.reduce(0) { $0 + $1.count }
        #expect((4_500...7_500).contains(bytes))
        #expect(format.bytesPerSecond == 3_000)
    }

    @Test func `a frame of PCM is its samples, and a WAV begins with a header for a stream`() throws {
        let samples = Self.noise(1_000)
        let pcm = try Self.frames(StreamFormat(.pcm, sampleRate: 24_000), samples)
        #expect(pcm.all.map(\.count) == [960, 960, 80])
        #expect(pcm.all.flatMap { $0 } == PCM16.bytes(of: samples))
        let wav = try Self.frames(StreamFormat(.wav, sampleRate: 24_000), samples).all.flatMap { $0 }
        #expect(wav == WAV.streamingHeader(AudioFormat(sampleRate: 24_000)) + PCM16.bytes(of: samples))
    }

    @Test(arguments: [(StreamCodec.opus, 24_000, 48_000), (.mp3, 23_000, 24_000), (.wav, 23_000, 23_000)])
    func `a codec that has rates of its own takes one of them`(codec: StreamCodec, wanted: Int, rate: Int) {
        #expect(StreamFormat(codec, sampleRate: wanted).sampleRate == rate)
    }

    @Test func `a packet that is none is refused`() throws {
        let decoder = try OpusDecoder()
        #expect(throws: OpusError.self) { try decoder.decode([]) }
        #expect(throws: OpusError.self) { try decoder.decode([0xFF, 0xFF, 0xFF]) }
    }

    /// By how many samples `other` is late against `samples`.
    private static func bestShift(of other: [Int16], to samples: [Int16], within limit: Int) -> Int? {
        (-limit...limit).max { correlation(other, samples, $0) < correlation(other, samples, $1) }
    }

    private static func correlation(_ other: [Int16], _ samples: [Int16], _ shift: Int) -> Double {
        var sum = 0.0
        for index in 200..<10_000 where other.indices.contains(index + shift) {
            sum += Double(samples[index]) * Double(other[index + shift])
        }
        return sum
    }
}
