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
    /// - Parameter sources: Send frames of `codec` as `SourceEncoder` makes them, each to its server.
    package func run(to sources: [RemoteSource], until end: Latch) async throws {
        defer { for source in sources { source.finish() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await end.wait() }
            group.addTask { try await carry(to: sources) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func carry(to sources: [RemoteSource]) async throws {
        var encoder = try SourceEncoder(codec, from: input.sampleRate)
        let start = timeline.now
        var sampleCount = 0
        while let samples = try await input.next() {
            for frame in try encoder.encode(samples) {
                guard await give(frame.payload, frame.sampleCount, to: sources) else { return }
            }
            sampleCount += samples.count
            if !input.isLive, pace == .natural {
                let heard = Duration.nanoseconds(Int64(sampleCount) * 1_000_000_000 / Int64(input.sampleRate))
                await timeline.sleep(until: start + heard)
            }
        }
        for frame in try encoder.finish() {
            guard await give(frame.payload, frame.sampleCount, to: sources) else { return }
        }
    }

    /// - Returns: False once nobody takes anything any more.
    private func give(_ payload: [UInt8], _ sampleCount: Int, to sources: [RemoteSource]) async -> Bool {
        if input.isLive {
            for source in sources { source.add(payload, sampleCount: sampleCount) }
            return !Task.isCancelled
        }
        var isTaken = false
        for source in sources {
            if await source.add(payload, sampleCount: sampleCount, waitingWhile: Self.lead) { isTaken = true }
        }
        return isTaken
    }
}
