import Net
import Sound
import Wire

/// Why a job's samples did not become frames.
enum CuttingError: Error, Hashable {
    case resampling(ResamplerError)
    case encoding(EncodingError)

    /// For the report that ends the playback.
    var reason: String {
        switch self {
        case .resampling: "resampling_failed"
        case .encoding: "encoding_failed"
        }
    }
}

/// Turns a job's samples into the frames of one channel: resampled as one stream, cut into 20 ms, encoded once.
struct FrameCutter: ~Copyable {
    /// PROTOCOL.md, section 4: frames of 20 ms.
    static let framesPerSecond = 50

    /// Samples of all frames but the last.
    let samplesPerFrame: Int
    private let channel: UInt32
    private let format: StreamFormat
    private let packer: any FramePacker
    /// Of the first frame, in job time.
    private let firstTimestamp: Int
    private var resampler: Resampler?
    private var rest: [Int16] = []
    private var frameCount = 0

    init(channel: UInt32, format: StreamFormat, firstTimestamp: Int) throws(CuttingError) {
        self.channel = channel
        self.format = format
        self.firstTimestamp = firstTimestamp
        samplesPerFrame = format.sampleRate / Self.framesPerSecond
        do throws(EncodingError) { packer = try format.packer() } catch { throw .encoding(error) }
    }

    /// Samples that the listener's decoder gives before the first one of the channel.
    var preSkip: Int { packer.preSkip }

    /// - Parameter inputRate: The same for all calls.
    /// - Returns: The frames that are complete now.
    mutating func add(_ samples: [Int16], inputRate: Int) throws(CuttingError) -> [Frame] {
        do throws(ResamplerError) {
            if resampler == nil { resampler = try Resampler(from: inputRate, to: format.sampleRate) }
            if let output = try resampler?.resample(samples) { rest += output }
        } catch {
            throw .resampling(error)
        }
        return try cut()
    }

    /// - Returns: What is left, and the frame that ends the channel; its timestamp is where the job's sound ends.
    mutating func finish() throws(CuttingError) -> (frames: [Frame], end: Frame) {
        do throws(ResamplerError) { if let output = try resampler?.finish() { rest += output } } catch {
            throw .resampling(error)
        }
        let total = frameCount * samplesPerFrame + rest.count
        var frames = try cut()
        do throws(EncodingError) {
            for payload in try packer.finish(rest) { frames.append(frame(payload)) }
        } catch {
            throw .encoding(error)
        }
        let end = AudioFrameHeader(
            kind: .end, channel: channel, sequence: UInt32(truncatingIfNeeded: frameCount),
            timestamp: UInt32(truncatingIfNeeded: firstTimestamp + total))
        return (frames, Frame.binary(end.bytes(), tag: channel))
    }

    private mutating func cut() throws(CuttingError) -> [Frame] {
        var frames: [Frame] = []
        var start = 0
        do throws(EncodingError) {
            while rest.count - start >= samplesPerFrame {
                frames.append(frame(try packer.pack(Array(rest[start..<(start + samplesPerFrame)]))))
                start += samplesPerFrame
            }
        } catch {
            throw .encoding(error)
        }
        rest.removeFirst(start)
        return frames
    }

    private mutating func frame(_ payload: [UInt8]) -> Frame {
        let header = AudioFrameHeader(
            kind: .audioOut, flags: frameCount == 0 ? .first : [], channel: channel,
            sequence: UInt32(truncatingIfNeeded: frameCount),
            timestamp: UInt32(truncatingIfNeeded: firstTimestamp + frameCount * samplesPerFrame))
        frameCount += 1
        return Frame.binary(header.bytes(payload: payload), tag: channel)
    }
}
