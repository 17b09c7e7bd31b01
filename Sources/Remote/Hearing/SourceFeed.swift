package import Flow
package import VoiceCore

/// Carries the audio of a microphone or recording to the sources that send it.
package struct SourceFeed: Sendable {
    /// How fast a recording goes.
    package enum Pace: Hashable, Sendable {
        /// As fast as it was spoken.
        case natural
        /// As fast as it is sent.
        case fast
    }

    /// What of a recording is prepared ahead of what is sent.
    private static let lead = Duration.seconds(2)

    private let input: any AudioInput
    private let codec: SourceFormat.Codec
    private let pace: Pace
    private let timeline: Timeline

    package init(
        _ input: any AudioInput, codec: SourceFormat.Codec, pace: Pace, timeline: Timeline = .live()
    ) {
        self.input = input
        self.codec = codec
        self.pace = pace
        self.timeline = timeline
    }

    /// Runs until the audio ends or the latch opens, then tells the sources that nothing follows.
    ///
    /// - Parameter source: Sends frames of `codec` as `SourceEncoder` makes them.
    package func run(to source: RemoteSource, until end: Latch) async throws {
        defer { source.finish() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await end.wait() }
            group.addTask { try await carry(to: source) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func carry(to source: RemoteSource) async throws {
        var encoder = try SourceEncoder(codec, from: input.sampleRate)
        let start = timeline.now
        var sampleCount = 0
        while let samples = try await input.next() {
            for frame in try encoder.encode(samples) {
                guard await give(frame.payload, frame.sampleCount, to: source) else { return }
            }
            sampleCount += samples.count
            if !input.isLive, pace == .natural {
                let heard = Duration.nanoseconds(Int64(sampleCount) * 1_000_000_000 / Int64(input.sampleRate))
                await timeline.sleep(until: start + heard)
            }
        }
        for frame in try encoder.finish() {
            guard await give(frame.payload, frame.sampleCount, to: source) else { return }
        }
    }

    private func give(_ payload: [UInt8], _ sampleCount: Int, to source: RemoteSource) async -> Bool {
        if input.isLive {
            source.add(payload, sampleCount: sampleCount)
            return !Task.isCancelled
        }
        return await source.add(payload, sampleCount: sampleCount, waitingWhile: Self.lead)
    }
}
