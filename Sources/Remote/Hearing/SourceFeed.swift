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

    /// What happens to the device or recording that is listened to.
    package enum Update: Hashable, Sendable {
        case lost
        /// It is there again; so much was not heard.
        case back(after: Duration)
        /// So much was not heard, since nobody took it in time.
        case missed(Duration)
        /// The recording is over, so much before its header says.
        case short(by: Duration)
    }

    private let input: any AudioInput
    private let codec: SourceFormat.Codec
    private let pace: Pace
    private let timeline: Timeline
    private let update: @Sendable (Update) async -> Void

    /// - Parameter update: Called in order with what happens.
    package init(
        _ input: any AudioInput, codec: SourceFormat.Codec, pace: Pace, timeline: Timeline = .live(),
        update: @escaping @Sendable (Update) async -> Void = { _ in }
    ) {
        self.input = input
        self.codec = codec
        self.pace = pace
        self.timeline = timeline
        self.update = update
    }

    /// What is sent fast waits, wherever it comes from.
    private var supply: AudioSupply { input.supply == .pipe && pace == .fast ? .recording : input.supply }

    /// Runs until the audio ends or the latch opens, then tells the sources that nothing follows.
    ///
    /// - Parameter sources: Send frames of `codec` as `SourceEncoder` makes them, each to its server. One that has room
    ///   is enough to go on: the others have the 30 s that each of them keeps.
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
        let rate = encoder.format.sampleRate
        let start = timeline.now
        var sampleCount = 0
        var isLost = false
        while let piece = try await input.next() {
            switch piece {
            case .lost:
                isLost = true
                await update(.lost)
            case .missing(let length):
                for source in sources { source.skip(Int((length / .seconds(1) * Double(rate)).rounded())) }
                await update(isLost ? .back(after: length) : .missed(length))
                isLost = false
            case .short(let length): await update(.short(by: length))
            case .samples(let samples):
                for frame in try encoder.encode(samples) {
                    guard await give(frame.payload, frame.sampleCount, to: sources) else { return }
                }
                sampleCount += samples.count
                if input.supply != .live, pace == .natural {
                    let heard = Duration.nanoseconds(Int64(sampleCount) * 1_000_000_000 / Int64(input.sampleRate))
                    await timeline.sleep(until: start + heard)
                }
            }
        }
        for frame in try encoder.finish() {
            guard await give(frame.payload, frame.sampleCount, to: sources) else { return }
        }
    }

    /// - Returns: False once nobody takes anything any more.
    private func give(_ payload: [UInt8], _ sampleCount: Int, to sources: [RemoteSource]) async -> Bool {
        guard await isRoom(in: sources) else { return false }
        for source in sources { source.add(payload, sampleCount: sampleCount) }
        return !Task.isCancelled
    }

    /// Waits until one of them has room.
    private func isRoom(in sources: [RemoteSource]) async -> Bool {
        let supply = supply
        if sources.contains(where: { $0.takes(supply) == true }) { return true }
        return await withTaskGroup(of: Bool.self) { group in
            for source in sources { group.addTask { await source.waitForRoom(supply) } }
            defer { group.cancelAll() }
            while let isRoom = await group.next() {
                if isRoom { return true }
            }
            return false
        }
    }
}
