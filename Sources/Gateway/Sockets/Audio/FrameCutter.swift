import Net
import Sound
import Wire

/// Turns a job's samples into the frames of one channel: resampled as one stream, cut into 20 ms, encoded once.
struct FrameCutter: ~Copyable {
    /// PROTOCOL.md, section 4: frames of 20 ms.
    static let framesPerSecond = 50

    /// Samples of all frames but the last.
    let samplesPerFrame: Int
    private let channel: UInt32
    private let sampleRate: Int
    /// Of the first frame, in job time.
    private let firstTimestamp: Int
    private var resampler: Resampler?
    private var rest: [Int16] = []
    private var frameCount = 0

    init(channel: UInt32, sampleRate: Int, firstTimestamp: Int) {
        self.channel = channel
        self.sampleRate = sampleRate
        self.firstTimestamp = firstTimestamp
        samplesPerFrame = sampleRate / Self.framesPerSecond
    }

    /// - Parameter inputRate: The same for all calls.
    /// - Returns: The frames that are complete now.
    mutating func add(_ samples: [Int16], inputRate: Int) throws(ResamplerError) -> [Frame] {
        if resampler == nil { resampler = try Resampler(from: inputRate, to: sampleRate) }
        if let output = try resampler?.resample(samples) { rest += output }
        return cut(least: samplesPerFrame)
    }

    /// - Returns: What is left, the last frame shorter than the others, and the frame that ends the channel.
    mutating func finish() throws(ResamplerError) -> (frames: [Frame], end: Frame) {
        if let output = try resampler?.finish() { rest += output }
        let total = frameCount * samplesPerFrame + rest.count
        let frames = cut(least: 1)
        let end = AudioFrameHeader(
            kind: .end, channel: channel, sequence: UInt32(truncatingIfNeeded: frameCount),
            timestamp: UInt32(truncatingIfNeeded: firstTimestamp + total))
        return (frames, Frame.binary(end.bytes(), tag: channel))
    }

    private mutating func cut(least: Int) -> [Frame] {
        var frames: [Frame] = []
        var start = 0
        while rest.count - start >= least {
            let end = min(start + samplesPerFrame, rest.count)
            frames.append(frame(rest[start..<end]))
            start = end
        }
        rest.removeFirst(start)
        return frames
    }

    private mutating func frame(_ samples: ArraySlice<Int16>) -> Frame {
        let header = AudioFrameHeader(
            kind: .audioOut, flags: frameCount == 0 ? .first : [], channel: channel,
            sequence: UInt32(truncatingIfNeeded: frameCount),
            timestamp: UInt32(truncatingIfNeeded: firstTimestamp + frameCount * samplesPerFrame))
        frameCount += 1
        return Frame.binary(header.bytes(samples: samples), tag: channel)
    }
}
