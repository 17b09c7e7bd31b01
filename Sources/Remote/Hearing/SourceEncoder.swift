import Sound
package import VoiceCore

/// Makes the frames that a source sends of what a microphone or file gives: one channel, at the rate of its codec.
package struct SourceEncoder: ~Copyable {
    /// 60 ms: with shorter frames the headers would take PCM above 260 kbit/s, and Opus above 32 kbit/s.
    private static let frameDuration = Duration.milliseconds(60)
    /// RFC 7587, section 3.1.1: wide-band speech needs 16 to 20 kbit/s.
    private static let opusBitRate = 24_000

    /// What leaves.
    package let format: SourceFormat
    private let frameLength: Int
    private var opus: OpusEncoder?
    private var resampler: Resampler
    private var rest: [Int16] = []

    /// What leaves for a codec.
    package static func format(_ codec: SourceFormat.Codec) -> SourceFormat {
        switch codec {
        case .opus: SourceFormat(codec: .opus, sampleRate: OpusEncoder.sampleRate)
        case .pcmS16, .pcmF32: SourceFormat(codec: .pcmS16, sampleRate: UtteranceAudio.sampleRate)
        }
    }

    /// - Parameter sampleRate: Of what comes in.
    package init(_ codec: SourceFormat.Codec, from sampleRate: Int) throws {
        format = Self.format(codec)
        let rate = format.sampleRate
        frameLength = AudioFormat(sampleRate: rate).sampleCount(in: Self.frameDuration)
        opus = codec == .opus ? try OpusEncoder(bitsPerSecond: Self.opusBitRate, packetLength: frameLength) : nil
        resampler = try Resampler(from: sampleRate, to: rate)
    }

    /// Takes the next samples of one channel.
    ///
    /// - Returns: The frames that are complete now, with their samples.
    package mutating func encode(_ samples: [Int16]) throws -> [(payload: [UInt8], sampleCount: Int)] {
        rest += try resampler.resample(samples)
        return try takeFrames()
    }

    /// Gives what is left; a last packet of Opus is filled up with silence.
    package mutating func finish() throws -> [(payload: [UInt8], sampleCount: Int)] {
        rest += try resampler.finish()
        var frames = try takeFrames()
        guard !rest.isEmpty else { return frames }
        if format.codec == .opus { rest += Array(repeating: 0, count: frameLength - rest.count) }
        frames.append(try frame(rest))
        rest = []
        return frames
    }

    private mutating func takeFrames() throws -> [(payload: [UInt8], sampleCount: Int)] {
        var frames: [(payload: [UInt8], sampleCount: Int)] = []
        while rest.count >= frameLength {
            frames.append(try frame(Array(rest.prefix(frameLength))))
            rest.removeFirst(frameLength)
        }
        return frames
    }

    private mutating func frame(_ samples: [Int16]) throws -> (payload: [UInt8], sampleCount: Int) {
        let payload = try opus?.encode(samples) ?? PCM16.bytes(of: samples)
        return (payload, samples.count)
    }
}
