/// How samples are to be read: signed 16-bit, interleaved, at this rate and with this many channels.
package struct AudioFormat: Hashable, Sendable {
    /// Samples per second and channel, in hertz.
    package var sampleRate: Int
    package var channelCount: Int

    package init(sampleRate: Int, channelCount: Int = 1) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }

    /// How long `sampleCount` samples per channel last.
    package func duration(of sampleCount: Int) -> Duration {
        .nanoseconds(Int64(sampleCount) * 1_000_000_000 / Int64(sampleRate))
    }

    /// How many samples per channel begin before `duration`, rounded to the nearest.
    package func sampleCount(in duration: Duration) -> Int {
        Int((duration / .seconds(1) * Double(sampleRate)).rounded())
    }
}
