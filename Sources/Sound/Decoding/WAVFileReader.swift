/// Reads RIFF/WAVE: PCM of 8 to 32 bits and floating point, any number of channels.
final class WAVFileReader: RecordingReader {
    private enum Encoding {
        case unsigned8
        case signed(byteCount: Int)
        case float32, float64
    }

    private struct Layout {
        var sampleRate: Int
        var channelCount: Int
        var byteCount: Int
        var encoding: Encoding
    }

    /// Frames in a piece: a third of a second at 48 kHz.
    private static let pieceLength = 16_384

    private let bytes: ArraySlice<UInt8>
    private let layout: Layout
    private var position: Int
    private let end: Int

    /// - Throws: `truncated` where the header promises more than there is.
    init(_ bytes: ArraySlice<UInt8>) throws(RecordingError) {
        self.bytes = bytes
        var position = bytes.startIndex + 12
        var layout: Layout?
        while true {
            guard position + 8 <= bytes.endIndex else { throw .truncated(.wav) }
            let size = Self.number(bytes, position + 4, 4)
            let isData = bytes[position..<position + 4].elementsEqual("data".utf8)
            let isFormat = bytes[position..<position + 4].elementsEqual("fmt ".utf8)
            position += 8
            if isData {
                guard let layout else { throw .damaged(.wav) }
                (self.layout, self.position) = (layout, position)
                end = try Self.end(of: bytes, from: position, size: size)
                return
            }
            guard size <= bytes.endIndex - position else { throw .truncated(.wav) }
            if isFormat { layout = try Self.layout(bytes[position..<position + size]) }
            // Chunks begin at even places.
            position += size + size % 2
        }
    }

    /// Both 0 and 0xFFFFFFFF stand for a size that was not known when the header was written.
    private static func end(of bytes: ArraySlice<UInt8>, from start: Int, size: Int) throws(RecordingError) -> Int {
        if size == 0 || size == Int(UInt32.max) { return bytes.endIndex }
        guard size <= bytes.endIndex - start else { throw .truncated(.wav) }
        return start + size
    }

    func next() throws(RecordingError) -> AudioChunk? {
        let frame = layout.byteCount * layout.channelCount
        let count = min(Self.pieceLength, (end - position) / frame)
        guard count > 0 else { return nil }
        var samples: [Int16] = []
        samples.reserveCapacity(count)
        for _ in 0..<count {
            var sum = 0.0
            for _ in 0..<layout.channelCount {
                sum += value(at: position)
                position += layout.byteCount
            }
            let mean = sum / Double(layout.channelCount)
            samples.append(mean.isFinite ? Int16(max(-32_768, min(32_767, mean.rounded()))) : 0)
        }
        return AudioChunk(format: AudioFormat(sampleRate: layout.sampleRate), samples: samples)
    }

    /// A sample on the scale of 16 bits.
    private func value(at place: Int) -> Double {
        switch layout.encoding {
        case .unsigned8: return Double(Int(bytes[place]) - 128) * 256
        case .signed(let count):
            let number = UInt32(Self.number(bytes, place, count)) << UInt32(32 - count * 8)
            return Double(Int32(bitPattern: number)) / 65_536
        case .float32: return Double(Float(bitPattern: UInt32(Self.number(bytes, place, 4)))) * 32_768
        case .float64:
            let low = UInt64(Self.number(bytes, place, 4))
            return Double(bitPattern: UInt64(Self.number(bytes, place + 4, 4)) << 32 | low) * 32_768
        }
    }

    private static func layout(_ chunk: ArraySlice<UInt8>) throws(RecordingError) -> Layout {
        guard chunk.count >= 16 else { throw .damaged(.wav) }
        let start = chunk.startIndex
        var tag = number(chunk, start, 2)
        // The extensible form: the first two bytes of its GUID are the tag that the encoding had before.
        if tag == 0xFFFE, chunk.count >= 40 { tag = number(chunk, start + 24, 2) }
        let (channelCount, sampleRate) = (number(chunk, start + 2, 2), number(chunk, start + 4, 4))
        let bits = number(chunk, start + 14, 2)
        let encoding: Encoding
        switch (tag, bits) {
        case (1, 8): encoding = .unsigned8
        case (1, 16), (1, 24), (1, 32): encoding = .signed(byteCount: bits / 8)
        case (3, 32): encoding = .float32
        case (3, 64): encoding = .float64
        default: throw .unsupported(.wav)
        }
        guard (1...64).contains(channelCount), (1_000...384_000).contains(sampleRate),
            number(chunk, start + 12, 2) == channelCount * bits / 8
        else { throw .damaged(.wav) }
        return Layout(sampleRate: sampleRate, channelCount: channelCount, byteCount: bits / 8, encoding: encoding)
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ place: Int, _ count: Int) -> Int {
        var number = 0
        for index in 0..<count { number |= Int(bytes[place + index]) << (8 * index) }
        return number
    }
}
