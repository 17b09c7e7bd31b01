package import Flow
import Sound
package import VoiceCore

/// A listener whose loudspeaker is a WAV file: it takes audio as fast as it comes and reports it as played at once.
package actor FileSpeaker: Listener {
    package nonisolated let description: ListenerDescription
    private let writing = TaskPool()
    private let file: WAVFile
    private var running: (job: JobID, handle: TaskPool.Handle)?

    /// - Parameter path: Where the file appears; `-` is standard output.
    /// - Throws: `FileSpeakerError` when it cannot be written there.
    package init(path: String) throws(FileSpeakerError) {
        file = try WAVFile(path: path)
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

    private nonisolated func write(_ take: Take, from position: Duration, _ reports: Channel<PlaybackReport>) async {
        let reader = take.reader(from: position)
        var reached = position
        while let piece = await reader.next(atMost: 48_000) {
            guard case .samples(let samples) = piece, let format = reader.format else {
                try? await reports.send(.finished(at: reached))
                return
            }
            guard file.append(samples, format) else {
                try? await reports.send(.failed(reason: "disk"))
                return
            }
            if reached == position { try? await reports.send(.started(at: position)) }
            reached += format.duration(of: samples.count)
            try? await reports.send(.progress(at: reached))
        }
        _ = reports.offer(.flushed(at: reached))
    }
}
