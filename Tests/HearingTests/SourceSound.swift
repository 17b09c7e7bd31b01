import Hearing
import Sound
import VoiceCore

/// Audio of a source in any format: loud where somebody speaks.
struct SourceSound {
    let format: SourceFormat
    /// Interleaved samples.
    private(set) var samples: [Int16] = []

    init(_ format: SourceFormat, _ parts: [(isLoud: Bool, milliseconds: Int)]) {
        self.format = format
        for part in parts {
            let count = format.sampleRate * part.milliseconds / 1_000
            for index in 0..<count {
                // 200 Hz, which every rate here can carry.
                let isHigh = index * 400 / format.sampleRate % 2 == 0
                let level: Int16 = part.isLoud ? (isHigh ? 9_000 : -9_000) : 0
                samples += Array(repeating: level, count: format.channelCount)
            }
        }
    }

    /// All of it in frames of 20 ms.
    func frames(from start: Int = 0, arrivingAt time: Duration = .zero) -> [SourceFrame] {
        let length = format.sampleRate / 50
        let count = samples.count / format.channelCount
        return stride(from: 0, to: count, by: length).map { index in
            let end = min(count, index + length)
            let piece = samples[index * format.channelCount..<end * format.channelCount]
            return SourceFrame(
                timestamp: UInt32(truncatingIfNeeded: start + index), payload: bytes(Array(piece)),
                sampleCount: end - index, arrivedAt: time)
        }
    }

    private func bytes(_ samples: [Int16]) -> [UInt8] {
        guard format.codec == .pcmF32 else { return PCM16.bytes(of: samples) }
        return samples.flatMap { sample in
            let bits = (Float(sample) / 32_768).bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
        }
    }
}
