import Testing

@testable import Sound

/// What is packed is as long as what came in, whole and as a stream, cut anywhere.
@Suite struct SoundFileTests {
    /// A tone of 440 Hz that fades in and out.
    private static func tone(_ count: Int, rate: Int) -> [Int16] {
        var samples: [Int16] = []
        var phase = 0.0
        for index in 0..<count {
            phase += 440.0 / Double(rate)
            if phase >= 1 { phase -= 1 }
            let edge = min(1, Double(min(index, count - index)) / 200)
            // A triangle: no mathematics library is needed for it.
            samples.append(Int16((abs(phase * 4 - 2) - 1) * 12_000 * edge))
        }
        return samples
    }

    private static func streamed(
        _ format: SoundFileFormat, _ samples: [Int16], rate: Int, pieces: Int
    ) throws -> [UInt8] {
        let encoder = try SoundFile.stream(format, sampleRate: rate)
        var bytes: [UInt8] = []
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + pieces)
            bytes += try encoder.encode(Array(samples[start..<end]))
            start = end
        }
        return bytes + (try encoder.finish())
    }

    @Test(arguments: [0, 1, 479, 480, 16_000, 23_999, 50_001])
    func `Ogg tells pre-skip and an end that leave exactly what came in`(count: Int) throws {
        let samples = Self.tone(count, rate: 48_000)
        for pieces in [1_000_000, 313] {
            let pages = OggPages(try Self.streamed(.opus, samples, rate: 48_000, pieces: pieces))
            let head = try #require(pages.first)
            #expect(Array(head.body.prefix(8)) == Array("OpusHead".utf8))
            let preSkip = Int(head.body[10]) | Int(head.body[11]) << 8
            #expect(pages.last?.position == preSkip + count)
        }
    }

    @Test(arguments: [8_000, 16_000, 22_050, 24_000, 48_000])
    func `the first frame of an MP3 file tells delay and padding`(rate: Int) throws {
        let count = rate * 3 / 2 + 7
        let chunk = AudioChunk(format: AudioFormat(sampleRate: rate), samples: Self.tone(count, rate: rate))
        let bytes = try SoundFile.whole(.mp3, chunk)
        let info = try #require(MP3Info(bytes))
        #expect(info.frameCount * (rate >= 32_000 ? 1_152 : 576) - info.delay - info.padding == count)
    }

    @Test func `the first block of a FLAC file tells its length, that of a stream does not`() throws {
        let samples = Self.tone(40_001, rate: 16_000)
        let chunk = AudioChunk(format: AudioFormat(sampleRate: 16_000), samples: samples)
        #expect(FLACHead(try SoundFile.whole(.flac, chunk)) == FLACHead(sampleRate: 16_000, sampleCount: 40_001))
        let stream = try Self.streamed(.flac, samples, rate: 16_000, pieces: 777)
        #expect(FLACHead(stream) == FLACHead(sampleRate: 16_000, sampleCount: 0))
    }

    @Test(arguments: SoundFileFormat.allCases)
    func `the pieces in which audio comes change nothing in what a stream holds`(format: SoundFileFormat) throws {
        let samples = Self.tone(30_000, rate: 16_000)
        let whole = try Self.streamed(format, samples, rate: 16_000, pieces: 1_000_000)
        // Ogg streams carry a serial number that is drawn anew each time.
        guard format != .opus else { return #expect(!whole.isEmpty) }
        for pieces in [1, 160, 1_024, 7_919] {
            #expect(try Self.streamed(format, samples, rate: 16_000, pieces: pieces) == whole)
        }
    }

    @Test func `bare samples are at 24 kHz whatever came in`() throws {
        let chunk = AudioChunk(format: AudioFormat(sampleRate: 16_000), samples: Self.tone(16_000, rate: 16_000))
        #expect(try SoundFile.whole(.pcm, chunk).count == 48_000)
    }

    @Test func `a WAV stream has one header of unknown size`() throws {
        let bytes = try Self.streamed(.wav, Self.tone(100, rate: 8_000), rate: 8_000, pieces: 30)
        #expect(bytes.count == WAV.headerByteCount + 200)
        #expect(Array(bytes[40..<44]) == [0xFF, 0xFF, 0xFF, 0xFF])
    }
}

/// The pages of an Ogg stream (RFC 3533): granule position and body.
private struct OggPages: RandomAccessCollection {
    struct Page {
        let position: Int
        let body: [UInt8]
    }

    private var pages: [Page] = []
    var startIndex: Int { 0 }
    var endIndex: Int { pages.count }
    subscript(index: Int) -> Page { pages[index] }

    init(_ bytes: [UInt8]) {
        var at = 0
        while at + 27 <= bytes.count, Array(bytes[at..<(at + 4)]) == Array("OggS".utf8) {
            let position = (0..<8).reduce(0) { $0 | Int(bytes[at + 6 + $1]) << ($1 * 8) }
            let segments = Int(bytes[at + 26])
            let length = bytes[(at + 27)..<(at + 27 + segments)].reduce(0) { $0 + Int($1) }
            let body = at + 27 + segments
            pages.append(Page(position: position, body: Array(bytes[body..<(body + length)])))
            at = body + length
        }
    }
}

/// What the Info frame of an MP3 file tells.
private struct MP3Info {
    let frameCount: Int
    let delay: Int
    let padding: Int

    init?(_ bytes: [UInt8]) {
        guard let tag = (0..<200).first(where: { Array(bytes[$0..<($0 + 4)]) == Array("Info".utf8) }) else {
            return nil
        }
        frameCount = bytes[(tag + 8)..<(tag + 12)].reduce(0) { $0 << 8 | Int($1) }
        // Behind flags, frames, bytes, table of contents and quality, 21 bytes into the encoder's own part.
        let place = tag + 120 + 21
        delay = Int(bytes[place]) << 4 | Int(bytes[place + 1]) >> 4
        padding = Int(bytes[place + 1] & 15) << 8 | Int(bytes[place + 2])
    }
}

/// What the first block of a FLAC file tells.
private struct FLACHead: Hashable {
    var sampleRate: Int
    var sampleCount: Int

    init(sampleRate: Int, sampleCount: Int) {
        (self.sampleRate, self.sampleCount) = (sampleRate, sampleCount)
    }

    init?(_ bytes: [UInt8]) {
        guard Array(bytes.prefix(4)) == Array("fLaC".utf8) else { return nil }
        let number = bytes[18..<26].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        sampleRate = Int(number >> 44)
        sampleCount = Int(number & 0xF_FFFF_FFFF)
    }
}
