import Testing

@testable import Sound

@Suite struct WAVTests {
    private static let mono = AudioChunk(format: AudioFormat(sampleRate: 16_000), samples: [0, 1, -1, .max, .min, 258])
    private static let stereo = AudioChunk(
        format: AudioFormat(sampleRate: 48_000, channelCount: 2), samples: [1, 2, 3, 4])

    @Test(arguments: [mono, stereo])
    func `what is written is read back`(_ chunk: AudioChunk) throws {
        #expect(try WAV.decode(WAV.encode(chunk)) == chunk)
    }

    @Test func `the header states both sizes`() {
        let bytes = WAV.encode(Self.mono)
        #expect(bytes.count == 56)
        #expect(Array(bytes[4..<8]) == [48, 0, 0, 0])
        #expect(Array(bytes[40..<44]) == [12, 0, 0, 0])
        #expect(Array(bytes[28..<36]) == [0, 0x7D, 0, 0, 2, 0, 16, 0])
    }

    @Test func `a stream of unknown length reaches to its end`() throws {
        let bytes = WAV.streamingHeader(Self.mono.format) + PCM16.bytes(of: Self.mono.samples)
        #expect(Array(bytes[4..<8]) == [255, 255, 255, 255])
        #expect(try WAV.decode(bytes) == Self.mono)
        #expect(try WAV.decode(bytes + [7]) == Self.mono)
    }

    @Test func `a size beyond the format's room becomes unknown`() {
        #expect(WAV.header(Self.mono.format, byteCount: 5 << 30) == WAV.streamingHeader(Self.mono.format))
    }

    @Test func `unknown chunks are passed over`() throws {
        let bytes = WAV.encode(Self.mono)
        let list = Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
        #expect(try WAV.decode(Array(bytes[..<12]) + list + Array(bytes[12...]) + list) == Self.mono)
    }

    @Test func `the extensible form of PCM is read`() throws {
        let bytes = WAV.encode(Self.mono)
        let tail: [UInt8] = [22, 0, 16, 0, 4, 0, 0, 0, 1, 0] + Array(repeating: 0, count: 14)
        let format = Array("fmt ".utf8) + [40, 0, 0, 0, 0xFE, 0xFF] + bytes[22..<36] + tail
        #expect(try WAV.decode(Array(bytes[..<12]) + format + Array(bytes[36...])) == Self.mono)
    }

    @Test func `every cut is refused`() {
        let bytes = WAV.encode(Self.mono)
        for count in 0..<bytes.count {
            #expect(throws: WAVError.self) { try WAV.decode(Array(bytes[..<count])) }
        }
    }

    @Test func `no damaged byte of the header traps`() {
        let bytes = WAV.encode(Self.stereo)
        for index in 0..<WAV.headerByteCount {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] = value
                _ = try? WAV.decode(damaged)
            }
        }
    }

    @Test(arguments: [
        (20, UInt8(3), WAVError.unsupportedEncoding(tag: 3, bitsPerSample: 16)),
        (34, 24, .unsupportedEncoding(tag: 1, bitsPerSample: 24)),
        (22, 3, .unsupportedChannelCount(3)),
        (22, 0, .unsupportedChannelCount(0)),
        (25, 0, .unsupportedSampleRate(128)),
        (32, 4, .invalidFormat),
        (0, 0, .notWAVE),
        (40, 13, .truncated),
        (40, 11, .truncated),
        (36, 0, .missingData),
    ])
    func `a header of another kind is refused by name`(index: Int, value: UInt8, error: WAVError) {
        var bytes = WAV.encode(Self.mono)
        bytes[index] = value
        #expect(throws: error) { try WAV.decode(bytes) }
    }

    @Test func `more than the caller allows is refused`() {
        #expect(throws: WAVError.tooLong(byteCount: 12, limit: 10)) {
            try WAV.decode(WAV.encode(Self.mono), byteLimit: 10)
        }
    }

    @Test func `samples before their format are refused`() {
        let bytes = WAV.encode(Self.mono)
        #expect(throws: WAVError.invalidFormat) { try WAV.decode(Array(bytes[..<12]) + Array(bytes[36...])) }
    }

    @Test func `a file of empty chunks ends`() {
        let bytes = Array(WAV.encode(Self.mono)[..<12])
        let chunk = Array("junk".utf8) + [0, 0, 0, 0]
        #expect(throws: WAVError.tooManyChunks) {
            try WAV.decode(bytes + Array(repeatElement(chunk, count: 10_000).joined()))
        }
    }
}
