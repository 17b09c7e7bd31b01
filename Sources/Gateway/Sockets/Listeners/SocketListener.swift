import Flow
import Sound
import VoiceCore

/// A listener at the other end of a WebSocket.
final class SocketListener: Listener {
    let description: ListenerDescription
    private let format: StreamFormat
    private let playbacks: Playbacks
    /// Open once the client knows the listener's id.
    private let isTold: Latch

    init(_ description: ListenerDescription, format: StreamFormat, playbacks: Playbacks, isTold: Latch) {
        self.description = description
        self.format = format
        self.playbacks = playbacks
        self.isTold = isTold
    }

    func play(_ take: Take, of job: JobID, from position: Duration) async -> Channel<PlaybackReport> {
        await isTold.wait()
        return await playbacks.play(take, of: job, from: position, on: description.id, as: format)
    }

    func flush(_ job: JobID) async {
        await playbacks.flush(job, on: description.id)
    }
}
