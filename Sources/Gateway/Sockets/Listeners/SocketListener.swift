import Flow
import VoiceCore

/// A listener at the other end of a WebSocket.
final class SocketListener: Listener {
    let description: ListenerDescription
    private let sampleRate: Int
    private let playbacks: Playbacks
    /// Open once the client knows the listener's id.
    private let isTold: Latch

    init(_ description: ListenerDescription, sampleRate: Int, playbacks: Playbacks, isTold: Latch) {
        self.description = description
        self.sampleRate = sampleRate
        self.playbacks = playbacks
        self.isTold = isTold
    }

    func play(_ take: Take, of job: JobID, from position: Duration) async -> Channel<PlaybackReport> {
        await isTold.wait()
        return await playbacks.play(take, of: job, from: position, on: description.id, sampleRate: sampleRate)
    }

    func flush(_ job: JobID) async {
        await playbacks.flush(job, on: description.id)
    }
}
