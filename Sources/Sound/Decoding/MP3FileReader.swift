private import CMpg123

/// Reads MPEG-1 and MPEG-2 layer III.
@safe final class MP3FileReader: RecordingReader {
    /// Bytes given to the library at a time: four seconds at 32 kbit/s.
    private static let pieceLength = 16_384
    /// Bytes taken from it at a time.
    private static let roomLength = 65_536
    /// ISO 11172-3 and 13818-3, and the common extension to lower rates.
    private static let rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]

    private let handle: OpaquePointer
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var sampleRate: Int?
    private var hasSound = false

    init(_ bytes: ArraySlice<UInt8>) throws(RecordingError) {
        guard let handle = unsafe mpg123_new(nil, nil) else { throw .library(.mp3) }
        unsafe self.handle = unsafe handle
        self.bytes = bytes
        position = bytes.startIndex
        let flags = Int(MPG123_MONO_MIX.rawValue | MPG123_QUIET.rawValue | MPG123_SKIP_ID3V2.rawValue)
        unsafe mpg123_param2(handle, Int32(MPG123_ADD_FLAGS.rawValue), flags, 0)
        unsafe mpg123_format_none(handle)
        for rate in Self.rates {
            unsafe mpg123_format(handle, rate, Int32(MPG123_MONO.rawValue), Int32(MPG123_ENC_SIGNED_16.rawValue))
        }
        guard unsafe mpg123_open_feed(handle) == MPG123_OK.rawValue else { throw .library(.mp3) }
    }

    deinit { unsafe mpg123_delete(handle) }

    func next() throws(RecordingError) -> AudioChunk? {
        var input = bytes[position..<position]
        while true {
            let (status, samples) = decode(input)
            input = bytes[position..<position]
            if status == MPG123_NEW_FORMAT.rawValue { readFormat() }
            if !samples.isEmpty, let sampleRate {
                hasSound = true
                return AudioChunk(format: AudioFormat(sampleRate: sampleRate), samples: samples)
            }
            switch status {
            case MPG123_OK.rawValue, MPG123_NEW_FORMAT.rawValue: break
            case MPG123_NEED_MORE.rawValue where position < bytes.endIndex:
                input = bytes[position...].prefix(Self.pieceLength)
                position = input.endIndex
            case MPG123_NEED_MORE.rawValue, MPG123_DONE.rawValue:
                guard hasSound else { throw .damaged(.mp3) }
                return nil
            default: throw .damaged(.mp3)
            }
        }
    }

    private func decode(_ input: ArraySlice<UInt8>) -> (status: Int32, samples: [Int16]) {
        var status: Int32 = 0
        let samples = unsafe [Int16](unsafeUninitializedCapacity: Self.roomLength / 2) { room, count in
            var done = 0
            status = unsafe input.withUnsafeBufferPointer { input in
                unsafe mpg123_decode(
                    handle, input.isEmpty ? nil : input.baseAddress, input.count, room.baseAddress, Self.roomLength,
                    &done)
            }
            count = done / 2
        }
        return (status, samples)
    }

    private func readFormat() {
        var (rate, channels, encoding) = (0, Int32(0), Int32(0))
        let status = unsafe mpg123_getformat(handle, &rate, &channels, &encoding)
        if status == MPG123_OK.rawValue { sampleRate = rate }
    }
}
