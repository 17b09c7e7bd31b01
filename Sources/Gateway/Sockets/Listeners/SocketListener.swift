import Flow
import Sound
import VoiceCore
import Wire

/// A listener at the other end of a WebSocket.
final class SocketListener: Listener {
    let description: ListenerDescription
    private let format: StreamFormat
    private let playbacks: Playbacks
    private let trim: Monitor<ListenerTrim>
    /// Open once the client knows the listener's id.
    private let isTold: Latch

    init(_ description: ListenerDescription, format: StreamFormat, playbacks: Playbacks, isTold: Latch) {
        self.description = description
        self.format = format
        self.playbacks = playbacks
        self.isTold = isTold
        trim = Monitor(description.trim)
    }

    func play(_ take: Take, of job: JobID, from position: Duration) async -> Channel<PlaybackReport> {
        await isTold.wait()
        let delay = trim.withLock { $0.delay }
        return await playbacks.play(take, of: job, from: position, on: description.id, as: format, after: delay)
    }

    /// - Returns: How it is set now; a new delay holds from the next job on.
    func change(_ fields: ListenerTrimFields) -> ListenerTrim {
        trim.update { trim in
            trim = fields.applied(to: trim)
            return trim
        }
    }

    func flush(_ job: JobID) async {
        await playbacks.flush(job, on: description.id)
    }
}
