import Testing

@testable import Sound

/// Every kind of recording is read as it was packed; what is cut or damaged is told and never traps.
@Suite struct RecordingReaderTests {
    private static let rate = 48_000

    /// A tone of 300 Hz.
    private static func tone(_ count: Int, rate: Int = rate) -> [Int16] {
        (0..<count).map { index in
            let phase = Double(index * 300 % rate) / Double(rate)
            return Int16((abs(phase * 4 - 2) - 1) * 12_000)
        }
    }

    private static func packed(_ format: SoundFileFormat, _ count: Int) throws -> [UInt8] {
        try SoundFile.whole(format, AudioChunk(format: AudioFormat(sampleRate: rate), samples: tone(count)))
    }

    private static func read(_ bytes: [UInt8]) throws -> (rate: Int, samples: [Int16]) {
        let reader = try RecordingKind(bytes[...]).reader(of: bytes[...])
        var result = (rate: 0, samples: [Int16]())
        while let chunk = try reader.next() {
            #expect(chunk.format.channelCount == 1 && !chunk.samples.isEmpty)
            result.rate = chunk.format.sampleRate
            result.samples += chunk.samples
        }
        return result
    }

    @Test(arguments: [SoundFileFormat.wav, .flac])
    func `what loses nothing is read sample by sample`(format: SoundFileFormat) throws {
        let heard = try Self.read(try Self.packed(format, 30_011))
        #expect(heard.rate == Self.rate && heard.samples == Self.tone(30_011))
    }

    @Test func `Opus is as long as what was packed, at the rate of recognisers`() throws {
        let heard = try Self.read(try Self.packed(.opus, 30_000))
        #expect(heard.rate == 16_000 && abs(heard.samples.count - 10_000) <= 2)
        #expect(heard.samples.contains { abs(Int($0)) > 8_000 })
    }

    @Test func `MP3 is as long as what was packed`() throws {
        let heard = try Self.read(try Self.packed(.mp3, 48_000))
        #expect(heard.rate == Self.rate && abs(heard.samples.count - 48_000) <= 2_400)
        #expect(heard.samples.contains { abs(Int($0)) > 8_000 })
    }

    @Test(arguments: [SoundFileFormat.wav, .opus, .flac])
    func `a file that was cut anywhere is told`(format: SoundFileFormat) throws {
        let bytes = try Self.packed(format, 30_000)
        for count in stride(from: 12, to: bytes.count - 1, by: max(1, bytes.count / 53)) {
            #expect(throws: RecordingError.self, "cut behind \(count)") { try Self.read(Array(bytes[..<count])) }
        }
    }

    @Test func `Opus without a page that is marked as its end is read, as Android records it`() throws {
        let bytes = try Self.packed(.opus, 30_000)
        let end = try #require(Self.pages(bytes).last)
        let heard = try Self.read(Array(bytes[..<end]))
        // Three pages of 200 ms, without the pre-skip.
        #expect((9_400..<9_600).contains(heard.samples.count))
    }

    @Test func `a stream of Opus behind one without an end is read, too`() throws {
        let bytes = try Self.packed(.opus, 30_000)
        let end = try #require(Self.pages(bytes).last)
        let heard = try Self.read(Array(bytes[..<end]) + bytes)
        #expect((19_400..<19_600).contains(heard.samples.count))
    }

    /// Where the pages of an Ogg file begin.
    private static func pages(_ bytes: [UInt8]) -> [Int] {
        bytes.indices.filter { bytes[$0...].starts(with: "OggS".utf8) }
    }

    @Test(arguments: [SoundFileFormat.wav, .opus, .flac, .mp3])
    func `damaged bytes never trap`(format: SoundFileFormat) throws {
        let bytes = try Self.packed(format, 9_600)
        var state: UInt32 = 1
        for index in 0..<200 {
            var damaged = bytes
            for _ in 0..<4 {
                state = state &* 1_664_525 &+ 1_013_904_223
                // Half of the damage goes into the head.
                let place = Int(state >> 8) % (index.isMultiple(of: 2) ? min(64, bytes.count) : bytes.count)
                damaged[place] = UInt8(truncatingIfNeeded: state)
            }
            _ = try? Self.read(damaged)
        }
    }

    @Test(
        arguments: [
            (8, 1, [0, 128, 255], [-32_768, 0, 32_512]),
            (24, 1, [0, 0, 0x80, 0, 0, 0, 0xFF, 0xFF, 0x7F], [-32_768, 0, 32_767]),
            (32, 1, [0, 0, 0, 0x80, 0, 0, 1, 0], [-32_768, 1]),
            (32, 3, [0, 0, 0, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0xC0, 0x7F], [16_384, -32_768, 0]),
        ] as [(Int, Int, [UInt8], [Int16])])
    func `WAV of every width is brought to 16 bits`(bits: Int, tag: Int, data: [UInt8], samples: [Int16]) throws {
        #expect(try Self.read(Self.wav(bits: bits, tag: tag, channels: 1, data)).samples == samples)
    }

    @Test func `channels are mixed into one`() throws {
        let data: [UInt8] = [10, 0, 20, 0, 30, 0, 0, 1, 0, 2, 0, 3]
        #expect(try Self.read(Self.wav(bits: 16, tag: 1, channels: 3, data)).samples == [20, 512])
    }

    @Test func `a header that promises 4 GB is told, one that knows no size is read to the end`() throws {
        var bytes = try Self.packed(.wav, 100)
        bytes.replaceSubrange(40..<44, with: [0xF0, 0xFF, 0xFF, 0xFF])
        #expect(throws: RecordingError.truncated(.wav)) { try Self.read(bytes) }
        bytes.replaceSubrange(40..<44, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(try Self.read(bytes).samples.count == 100)
    }

    @Test func `nothing at all is told from what is no sound`() {
        #expect(throws: RecordingError.empty) { try RecordingKind([]) }
        #expect(throws: RecordingError.unknownKind(isText: false)) { try RecordingKind([0]) }
    }

    @Test(arguments: [
        "<!doctype html><title>Not found</title>", "#EXTM3U\nhttp://x.example/a.ts\n", "ffconcat version 1.0",
    ])
    func `what is text is not sound`(text: String) {
        #expect(throws: RecordingError.unknownKind(isText: true)) { try RecordingKind(Array(text.utf8)[...]) }
    }

    @Test(
        arguments: [
            ([0, 0, 0, 32] + Array("ftypM4A ".utf8), ForeignContainer.mp4), ([0x1A, 0x45, 0xDF, 0xA3, 1], .matroska),
            ([0xFF, 0xF1, 0x50, 0x80], .aac), (Array("OggS".utf8) + Array(repeating: 0, count: 40), .ogg),
        ] as [([UInt8], ForeignContainer)])
    func `containers of others are known by their first bytes`(head: [UInt8], container: ForeignContainer) throws {
        #expect(try RecordingKind(head[...]) == .foreign(container))
    }

    private static func wav(bits: Int, tag: Int, channels: Int, _ data: [UInt8]) -> [UInt8] {
        let frame = channels * bits / 8
        let head: [UInt8] = [
            UInt8(tag), 0, UInt8(channels), 0, 0x80, 0x3E, 0, 0, 0, 0, 0, 0, UInt8(frame), 0, UInt8(bits), 0,
        ]
        return Array("RIFF\0\0\0\0WAVEfmt ".utf8) + [16, 0, 0, 0] + head + Array("data".utf8)
            + [UInt8(data.count), 0, 0, 0] + data
    }
}
