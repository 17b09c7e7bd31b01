/// Packs one stream of mono audio; not for two tasks at once.
package protocol SoundFileEncoder: AnyObject {
    /// Packs the next samples.
    ///
    /// - Returns: The bytes that are ready, headers included; may be empty.
    func encode(_ samples: [Int16]) throws(EncodingError) -> [UInt8]

    /// Ends the stream.
    ///
    /// - Returns: The rest, so that what was packed is as long as what came in; nothing may follow.
    func finish() throws(EncodingError) -> [UInt8]
}

/// Makes encoders, and packs audio that is there as a whole.
package enum SoundFile {
    /// An encoder for a stream whose length nobody knows yet.
    ///
    /// - Parameter sampleRate: Of what goes in, 1 to 384 kHz.
    package static func stream(
        _ format: SoundFileFormat, sampleRate: Int
    ) throws(EncodingError) -> any SoundFileEncoder {
        let rate = format.sampleRate(for: sampleRate)
        let encoder: any SoundFileEncoder
        switch format {
        case .wav: encoder = PCMEncoder(header: WAV.streamingHeader(AudioFormat(sampleRate: rate)))
        case .pcm: encoder = PCMEncoder(header: [])
        case .opus: encoder = try OpusFileEncoder()
        case .mp3: encoder = try MP3Encoder(sampleRate: rate)
        case .flac: encoder = try FLACEncoder(sampleRate: rate)
        }
        guard rate != sampleRate else { return encoder }
        return try ResamplingEncoder(encoder, from: sampleRate, to: rate)
    }

    /// A whole file, with all sizes right.
    ///
    /// - Parameter chunk: Mono.
    package static func whole(_ format: SoundFileFormat, _ chunk: AudioChunk) throws(EncodingError) -> [UInt8] {
        let rate = format.sampleRate(for: chunk.format.sampleRate)
        let samples = try resample(chunk, to: rate)
        switch format {
        case .wav: return WAV.encode(AudioChunk(format: AudioFormat(sampleRate: rate), samples: samples))
        case .pcm: return PCM16.bytes(of: samples)
        case .mp3:
            let encoder = try MP3Encoder(sampleRate: rate, leavesRoomForInfo: true)
            return encoder.withInfo(try encoder.encode(samples) + encoder.finish())
        case .flac:
            let encoder = try FLACEncoder(sampleRate: rate, sampleCount: samples.count)
            return try encoder.encode(samples) + encoder.finish()
        case .opus:
            let encoder = try OpusFileEncoder()
            return try encoder.encode(samples) + encoder.finish()
        }
    }

    private static func resample(_ chunk: AudioChunk, to rate: Int) throws(EncodingError) -> [Int16] {
        do throws(ResamplerError) {
            var resampler = try Resampler(from: chunk.format.sampleRate, to: rate)
            return try resampler.resample(chunk.samples) + resampler.finish()
        } catch {
            throw .unsupportedRate(chunk.format.sampleRate)
        }
    }
}
