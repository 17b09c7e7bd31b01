internal import Sound
internal import VoiceCore

/// Makes of a recording's samples what engines want: 16 kHz.
struct HearableSamples: ~Copyable {
    private var sampleRate = UtteranceAudio.sampleRate
    private var resampler: Resampler

    init() throws(ResamplerError) {
        resampler = try Resampler(from: UtteranceAudio.sampleRate, to: UtteranceAudio.sampleRate)
    }

    /// - Parameter chunk: The next one, of one channel or several; its rate may be another than before.
    mutating func take(_ chunk: AudioChunk) throws(ResamplerError) -> [Int16] {
        var rest: [Int16] = []
        if chunk.format.sampleRate != sampleRate {
            rest = try resampler.finish()
            sampleRate = chunk.format.sampleRate
            resampler = try Resampler(from: sampleRate, to: UtteranceAudio.sampleRate)
        }
        return try rest + resampler.resample(Self.mono(chunk))
    }

    /// What was kept back.
    mutating func finish() throws(ResamplerError) -> [Int16] { try resampler.finish() }

    private static func mono(_ chunk: AudioChunk) -> [Int16] {
        let count = chunk.format.channelCount
        guard count > 1 else { return chunk.samples }
        return (0..<chunk.sampleCount).map { index in
            Int16((0..<count).reduce(0) { $0 + Int(chunk.samples[index * count + $1]) } / count)
        }
    }
}
