/// How audio is packed that is sent while it sounds.
package enum StreamCodec: String, CaseIterable, Hashable, Sendable {
    /// Signed 16-bit samples, little-endian.
    case pcm = "pcm_s16"
    /// One Opus packet in each frame, without any container.
    case opus
    /// A RIFF header for a stream, then samples.
    case wav
    /// MPEG layer III frames, cut anywhere.
    case mp3
}

/// Codec and rate of a stream that is sent while it sounds; mono.
package struct StreamFormat: Hashable, Sendable {
    package let codec: StreamCodec
    /// Of what comes out of the decoder, in hertz.
    package let sampleRate: Int

    /// - Parameter wanted: The rate that was asked for; Opus has its own, MP3 the next of its nine.
    package init(_ codec: StreamCodec, sampleRate wanted: Int) {
        self.codec = codec
        switch codec {
        case .pcm, .wav: sampleRate = wanted
        case .opus: sampleRate = OpusEncoder.sampleRate
        case .mp3: sampleRate = SoundFileFormat.mp3.sampleRate(for: wanted)
        }
    }

    /// About how much one second of it takes.
    package var bytesPerSecond: Int {
        switch codec {
        case .pcm, .wav: sampleRate * 2
        case .opus: OpusFramePacker.bitsPerSecond / 8
        case .mp3: MP3Encoder.bitsPerSecond(at: sampleRate) / 8
        }
    }

    /// A packer for one stream from its beginning.
    package func packer() throws(EncodingError) -> any FramePacker {
        switch codec {
        case .pcm: FilePacker(PCMEncoder(header: []))
        case .wav: FilePacker(PCMEncoder(header: WAV.streamingHeader(AudioFormat(sampleRate: sampleRate))))
        case .opus: try OpusFramePacker()
        case .mp3: FilePacker(mp3: try MP3Encoder(sampleRate: sampleRate))
        }
    }
}

/// Packs the frames of one stream, each of which stands for as much time as went in; not for two tasks at once.
package protocol FramePacker: AnyObject {
    /// Samples that the decoder gives before the first one that went in.
    var preSkip: Int { get }

    /// Packs a frame of 20 ms.
    ///
    /// - Returns: Its bytes; none where the codec still looks ahead.
    func pack(_ samples: [Int16]) throws(EncodingError) -> [UInt8]

    /// Ends the stream.
    ///
    /// - Parameter rest: The samples behind the last whole frame, fewer than 20 ms of them.
    /// - Returns: The frames that are left, so that a decoder gives back everything.
    func finish(_ rest: [Int16]) throws(EncodingError) -> [[UInt8]]
}
