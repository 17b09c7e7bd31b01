/// Why bytes were not read as a WAV file.
package enum WAVError: Error, Hashable, Sendable {
    /// It does not begin with `RIFF`, a size and `WAVE`.
    case notWAVE
    /// It ends before its own sizes say so.
    case truncated
    /// There is no `fmt ` chunk before the samples, or it is damaged.
    case invalidFormat
    /// Not 16-bit PCM; the format tag and the bits per sample found.
    case unsupportedEncoding(tag: Int, bitsPerSample: Int)
    case unsupportedChannelCount(Int)
    case unsupportedSampleRate(Int)
    case missingData
    /// More bytes of samples than the caller allows.
    case tooLong(byteCount: Int, limit: Int)
    /// More chunks before the samples than a sound file has.
    case tooManyChunks
}

extension WAV {
    /// A file written by any known program has fewer than ten.
    private static let chunkLimit = 64

    /// Reads a whole file of 16-bit PCM, mono or stereo, 8 to 192 kHz.
    ///
    /// Chunks it does not know are passed over; what follows the samples is ignored. A `data` chunk of unknown size
    /// (0xFFFFFFFF) reaches to the end of the bytes, where half a frame is dropped.
    ///
    /// - Parameter byteLimit: How many bytes of samples are taken at most.
    package static func decode(_ bytes: [UInt8], byteLimit: Int = 256 << 20) throws(WAVError) -> AudioChunk {
        var reader = WAVReader(bytes: bytes)
        try reader.readRIFFHeader()
        var format: AudioFormat?
        for _ in 0..<chunkLimit {
            let chunk = try reader.readChunkHeader()
            switch chunk.name {
            case "fmt ":
                guard format == nil else { throw .invalidFormat }
                format = try reader.readFormat(byteCount: chunk.byteCount)
            case "data":
                guard let format else { throw .invalidFormat }
                return try reader.readSamples(format, byteCount: chunk.byteCount, byteLimit: byteLimit)
            default:
                try reader.skip(chunk.byteCount)
            }
        }
        throw .tooManyChunks
    }
}

/// What stands before the samples of a WAV file.
package struct WAVHead: Hashable, Sendable {
    package var format: AudioFormat
    /// Where the samples begin.
    package var dataStart: Int
    /// How many bytes of samples there are; nil for a stream, whose length nobody knew.
    package var byteCount: Int?

    package init(format: AudioFormat, dataStart: Int, byteCount: Int?) {
        self.format = format
        self.dataStart = dataStart
        self.byteCount = byteCount
    }
}

extension WAV {
    /// Reads what stands before the samples, of a file whose end need not be there yet.
    ///
    /// - Throws: `truncated` or `missingData` while more bytes are needed.
    package static func head(of bytes: [UInt8]) throws(WAVError) -> WAVHead {
        var reader = WAVReader(bytes: bytes)
        try reader.readRIFFHeader()
        var format: AudioFormat?
        for _ in 0..<chunkLimit {
            let chunk = try reader.readChunkHeader()
            switch chunk.name {
            case "fmt ": format = try reader.readFormat(byteCount: chunk.byteCount)
            case "data":
                guard let format else { throw .invalidFormat }
                let isStream = chunk.byteCount == Int(unknownSize) || chunk.byteCount == 0
                return WAVHead(
                    format: format, dataStart: reader.position, byteCount: isStream ? nil : chunk.byteCount)
            default: try reader.skip(chunk.byteCount)
            }
        }
        throw .tooManyChunks
    }
}

/// A place in the bytes of a WAV file.
private struct WAVReader {
    /// "Multimedia Programming Interface": the tag of plain PCM, and the one that names its encoding by a GUID.
    private static let pcmTag = 1
    private static let extensibleTag = 0xFFFE

    let bytes: [UInt8]
    private(set) var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func readRIFFHeader() throws(WAVError) {
        guard bytes.count >= 12, text(at: 0) == "RIFF", text(at: 8) == "WAVE" else { throw .notWAVE }
        position = 12
    }

    mutating func readChunkHeader() throws(WAVError) -> (name: String, byteCount: Int) {
        if position >= bytes.count { throw .missingData }
        guard bytes.count - position >= 8 else { throw .truncated }
        defer { position += 8 }
        return (text(at: position), number(at: position + 4, byteCount: 4))
    }

    /// Chunks begin at even places.
    mutating func skip(_ byteCount: Int) throws(WAVError) {
        guard byteCount <= bytes.count - position else { throw .truncated }
        position += byteCount + byteCount % 2
    }

    mutating func readFormat(byteCount: Int) throws(WAVError) -> AudioFormat {
        let start = position
        try skip(byteCount)
        guard byteCount >= 16 else { throw .invalidFormat }
        let bits = number(at: start + 14, byteCount: 2)
        let tag = encoding(at: start, byteCount: byteCount)
        guard tag == Self.pcmTag, bits == 16 else { throw .unsupportedEncoding(tag: tag, bitsPerSample: bits) }
        let channelCount = number(at: start + 2, byteCount: 2)
        guard (1...2).contains(channelCount) else { throw .unsupportedChannelCount(channelCount) }
        let sampleRate = number(at: start + 4, byteCount: 4)
        guard (8_000...192_000).contains(sampleRate) else { throw .unsupportedSampleRate(sampleRate) }
        guard number(at: start + 12, byteCount: 2) == channelCount * 2 else { throw .invalidFormat }
        return AudioFormat(sampleRate: sampleRate, channelCount: channelCount)
    }

    func readSamples(
        _ format: AudioFormat, byteCount: Int, byteLimit: Int
    ) throws(WAVError) -> AudioChunk {
        let bytesPerFrame = format.channelCount * 2
        let isStream = byteCount == Int(WAV.unknownSize)
        let available = bytes.count - position
        let count = isStream ? available - available % bytesPerFrame : byteCount
        guard count <= byteLimit else { throw .tooLong(byteCount: count, limit: byteLimit) }
        guard count <= available else { throw .truncated }
        guard count.isMultiple(of: bytesPerFrame),
            let samples = PCM16.samples(of: bytes[position..<position + count])
        else { throw .truncated }
        return AudioChunk(format: format, samples: samples)
    }

    private func encoding(at start: Int, byteCount: Int) -> Int {
        let tag = number(at: start, byteCount: 2)
        // The first two bytes of the GUID are the tag that the encoding had before.
        return tag == Self.extensibleTag && byteCount >= 40 ? number(at: start + 24, byteCount: 2) : tag
    }

    private func text(at offset: Int) -> String {
        String(decoding: bytes[offset..<offset + 4], as: Unicode.ASCII.self)
    }

    private func number(at offset: Int, byteCount: Int) -> Int {
        bytes[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
