internal import Sound
package import VoiceCore

/// Turns the frames of a source into one channel at 16 kHz, whatever they are.
package struct SourceDecoder: ~Copyable {
    /// Opus' longest packet; others need not be longer.
    private static let longestFrame = OpusDecoder.longestPacket

    private let format: SourceFormat
    private var opus: OpusDecoder?
    private var resampler: Resampler

    /// - Throws: What only a lack of memory brings about, since the format was checked.
    package init(_ format: SourceFormat) throws {
        self.format = format
        opus = format.codec == .opus ? try OpusDecoder(sampleRate: format.sampleRate) : nil
        resampler = try Self.resampler(format)
    }

    /// How many samples of each channel a frame holds.
    package static func sampleCount(of frame: [UInt8], _ format: SourceFormat) throws(BadAudio) -> Int {
        let count: Int
        switch format.codec {
        case .opus:
            do throws(OpusError) {
                count = try OpusDecoder.sampleCount(of: frame, sampleRate: format.sampleRate)
            } catch {
                throw .undecodable
            }
        case .pcmS16, .pcmF32:
            let width = format.channelCount * (format.codec == .pcmS16 ? 2 : 4)
            guard !frame.isEmpty, frame.count.isMultiple(of: width) else { throw .notWhole }
            count = frame.count / width
        }
        guard format.duration(of: count) <= longestFrame else { throw .tooLong }
        return count
    }

    /// Decodes the frame that follows the last one.
    ///
    /// - Parameter known: How many samples of each channel at its front are left out.
    package mutating func decode(_ frame: [UInt8], leavingOut known: Int = 0) throws -> [Int16] {
        let mono: [Int16]
        switch format.codec {
        case .opus: mono = try opus?.decode(frame) ?? []
        case .pcmS16: mono = Mixdown.mono(of: PCM16.samples(of: frame) ?? [], channelCount: format.channelCount)
        case .pcmF32: mono = Mixdown.mono(of: Mixdown.samples(ofFloats: frame), channelCount: format.channelCount)
        }
        return try resampler.resample(Array(mono.dropFirst(known)))
    }

    /// So many samples of silence, as they follow the last frame.
    package mutating func silence(_ sampleCount: Int) throws -> [Int16] {
        try resampler.resample(Array(repeating: 0, count: sampleCount))
    }

    /// Gives what was kept back; what comes next has nothing to do with what came before.
    package mutating func finish() throws -> [Int16] {
        let rest = try resampler.finish()
        resampler = try Self.resampler(format)
        if format.codec == .opus { opus = try OpusDecoder(sampleRate: format.sampleRate) }
        return rest
    }

    private static func resampler(_ format: SourceFormat) throws(ResamplerError) -> Resampler {
        try Resampler(from: format.sampleRate, to: UtteranceAudio.sampleRate)
    }
}
