/// A piece of audio.
package struct AudioChunk: Hashable, Sendable {
    package var format: AudioFormat
    /// Interleaved samples; the count is a multiple of `format.channelCount`.
    package var samples: [Int16]

    package init(format: AudioFormat, samples: [Int16]) {
        precondition(samples.count % format.channelCount == 0, "a chunk holds whole sample frames")
        self.format = format
        self.samples = samples
    }

    /// Samples per channel.
    package var sampleCount: Int { samples.count / format.channelCount }

    package var duration: Duration { format.duration(of: sampleCount) }
}
