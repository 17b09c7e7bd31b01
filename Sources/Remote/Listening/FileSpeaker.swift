package import Flow
package import Sound
package import VoiceCore

/// A listener whose loudspeaker is a file.
package actor FileSpeaker: Listener {
    /// How it takes the time that a sound lasts.
    package enum Pace: Sendable {
        /// As fast as audio comes: for a listener that is alone with its job.
        case atOnce
        /// As a loudspeaker does, so that it ends with the others and holds only what has sounded when somebody aborts.
        case audible(Timeline)
    }

    /// Long enough to cost little, short enough that an abort leaves next to nothing behind.
    private static let audiblePiece = Duration.milliseconds(50)
    private static let largestPiece = 48_000
    /// PROTOCOL.md, section 5.4: how often a listener tells where it is.
    private static let progressInterval = Duration.milliseconds(250)

    package nonisolated let description: ListenerDescription
    private let writing = TaskPool()
    private let file: FileSink
    private let pace: Pace
    private var running: (job: JobID, handle: TaskPool.Handle)?

    /// - Parameter path: Where the file appears; `-` is standard output.
    /// - Throws: `FileSpeakerError` when it cannot be written there.
    package init(path: String, format: SoundFileFormat = .wav, pace: Pace = .atOnce) throws(FileSpeakerError) {
        file = try FileSink(path: path, format: format)
        self.pace = pace
        description = ListenerDescription(
            id: .random(), kind: "file", scope: .session(.default), output: .random())
    }

    package func play(_ take: Take, of job: JobID, from position: Duration) async -> Channel<PlaybackReport> {
        let reports = Channel<PlaybackReport>(capacity: 64)
        let handle = writing.start { [self] in
            await write(take, from: position, reports)
            reports.finish()
        }
        running = (job, handle)
        return reports
    }

    package func flush(_ job: JobID) async {
        guard let running, running.job == job else { return }
        self.running = nil
        running.handle.cancel()
        await running.handle.wait()
    }

    /// Completes the file.
    ///
    /// - Returns: How much audio it holds.
    package func finish() async throws(FileSpeakerError) -> Duration {
        await writing.stop()
        return try file.finish()
    }

    private func write(_ take: Take, from position: Duration, _ reports: Channel<PlaybackReport>) async {
        let reader = take.reader(from: position)
        var (reached, told) = (position, position)
        var clock = AudibleClock(pace)
        while let piece = await reader.next(atMost: pieceLength(take)) {
            guard case .samples(let samples) = piece, let format = reader.format else {
                try? await reports.send(.finished(at: reached))
                return
            }
            let length = format.duration(of: samples.count)
            guard await clock.pass(length) else { break }
            guard file.append(samples, format) else {
                try? await reports.send(.failed(reason: "disk"))
                return
            }
            if reached == position { try? await reports.send(.started(at: position)) }
            reached += length
            guard reached >= told + Self.progressInterval || pieceLength(take) == Self.largestPiece else { continue }
            told = reached
            try? await reports.send(.progress(at: reached))
        }
        _ = reports.offer(.flushed(at: reached))
    }

    private func pieceLength(_ take: Take) -> Int {
        guard case .audible = pace else { return Self.largestPiece }
        return max(1, take.format?.sampleCount(in: Self.audiblePiece) ?? 1)
    }
}

/// Lets the time pass that sound lasts.
private struct AudibleClock: Sendable {
    private let timeline: Timeline?
    private var end = Duration.zero

    init(_ pace: FileSpeaker.Pace) {
        if case .audible(let timeline) = pace { self.timeline = timeline } else { timeline = nil }
    }

    /// Returns when so much more has sounded; what comes late sounds when it comes.
    ///
    /// - Returns: False when the task was cancelled meanwhile.
    mutating func pass(_ duration: Duration) async -> Bool {
        guard let timeline else { return !Task.isCancelled }
        end = max(end, timeline.now) + duration
        await timeline.sleep(until: end)
        return !Task.isCancelled
    }
}
