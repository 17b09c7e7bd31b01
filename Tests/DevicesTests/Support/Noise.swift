import Flow
import Sound
import VoiceCore

/// Audio without a silent sample, in which every stretch is found only once.
enum Noise {
    static let format = AudioFormat(sampleRate: 24_000)

    static func samples(_ duration: Duration, seed: UInt32 = 1) -> [Int16] {
        var state = seed
        return (0..<format.sampleCount(in: duration)).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            let sample = Int16(truncatingIfNeeded: Int32(bitPattern: state) >> 18)
            return sample == 0 ? 1 : sample
        }
    }

    /// A take that holds all of them already.
    static func take(_ samples: [Int16]) -> Take {
        let take = Take()
        take.append(AudioChunk(format: format, samples: samples))
        take.end(.complete)
        return take
    }
}

extension Channel<PlaybackReport> {
    /// All reports to the last one; fewer if that takes longer than half a minute.
    func all() async -> [PlaybackReport] {
        let reports = Monitor<[PlaybackReport]>([])
        _ = await Timeline.live().limit(.seconds(30)) { () -> Bool? in
            while let report = await self.next() { reports.update { $0.append(report) } }
            return true
        }
        return reports.withLock { $0 }
    }

    /// Reads on to the first report that fits; nil if there is none within half a minute.
    func first(_ fits: @escaping @Sendable (PlaybackReport) -> Bool) async -> PlaybackReport? {
        await Timeline.live().limit(.seconds(30)) {
            while let report = await self.next() {
                if fits(report) { return report }
            }
            return nil
        }
    }
}
