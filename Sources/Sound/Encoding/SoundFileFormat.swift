/// How audio is packed into a file or a stream of bytes.
package enum SoundFileFormat: String, CaseIterable, Hashable, Sendable {
    /// RIFF/WAVE, signed 16-bit PCM.
    case wav
    /// Signed 16-bit samples in little-endian order at 24 kHz, and nothing else.
    case pcm
    /// Opus in Ogg (RFC 7845).
    case opus
    /// MPEG-1 or MPEG-2 layer III.
    case mp3
    case flac

    /// Where the content type is named.
    package var contentType: String {
        switch self {
        case .wav: "audio/wav"
        case .pcm: "audio/pcm"
        case .opus: "audio/ogg; codecs=opus"
        case .mp3: "audio/mpeg"
        case .flac: "audio/flac"
        }
    }

    /// Behind the dot of a file's name.
    package var fileExtension: String { self == .opus ? "ogg" : rawValue }

    /// The rate at which audio of a given rate is packed, in hertz.
    ///
    /// `pcm` has one rate, since nothing in the bytes names it; MP3 knows nine (ISO 11172-3 and 13818-3, and the common
    /// extension to lower ones); the others take any.
    package func sampleRate(for rate: Int) -> Int {
        switch self {
        case .wav, .flac: rate
        case .pcm: 24_000
        case .opus: 48_000
        case .mp3: Self.mp3Rates.first { $0 >= rate } ?? 48_000
        }
    }

    private static let mp3Rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
}

/// Why audio was not packed.
package enum EncodingError: Error, Hashable, Sendable {
    /// The library refused; its own number.
    case library(SoundFileFormat, code: Int)
    case unsupportedRate(Int)
}
