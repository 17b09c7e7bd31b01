import Flow
import JSON
import Net
import Sound
import Speaking
import VoiceCore
import Wire

/// One of PAI's players in a browser: gets files to play, and says nothing of what it did with them.
actor PAIPlayer: Listener {
    nonisolated let description: ListenerDescription
    private let socket: WebSocket
    private let format: SoundFileFormat
    private let timeline: Timeline
    private let pool = TaskPool()
    private var current: (playback: PAIPlayback, task: TaskPool.Handle)?

    /// - Parameter scope: Whose jobs it hears.
    init(
        _ socket: WebSocket, as format: SoundFileFormat, in scope: ListenerScope, by grant: Grant, _ timeline: Timeline
    ) {
        var description = ListenerDescription(
            id: .random(), kind: "pai-player", scope: scope, output: .random(), token: grant.token,
            grantSession: grant.session)
        description.reportsPlayback = false
        self.description = description
        self.socket = socket
        self.format = format
        self.timeline = timeline
    }

    func play(_ take: Take, of job: JobID, from position: Duration) -> Channel<PlaybackReport> {
        let playback = PAIPlayback(on: socket, as: format, timeline, job, take, from: position)
        current = (playback, pool.start { await playback.run() })
        return playback.reports
    }

    func flush(_ job: JobID) {
        guard let (playback, task) = current, playback.job == job else { return }
        task.cancel()
        current = nil
        socket.send(Frame.text(JSONText.bytes(JSONValue.object(["type": "stop", "job_id": .string(job.rawValue)]))))
        let position = playback.clock.update { clock in
            clock.advance(to: timeline.now)
            return clock.position
        }
        playback.end(.flushed(at: position))
    }

    /// Its connection is over.
    func close() async {
        current?.playback.end(.gone)
        current = nil
        await pool.stop()
    }
}

/// The players that are connected, and how they come and go.
final class PAIPlayers: Sendable {
    private let count = Monitor(0)

    /// How many there are.
    var total: Int { count.withLock { $0 } }

    /// Lets one player hear what its token covers, until its connection is over.
    func serve(
        _ socket: WebSocket, as format: SoundFileFormat, _ grant: Grant, session: SessionID, _ parts: GatewayParts
    ) async {
        let limit = parts.server.limits[.listenersPerSession]
        let isWelcome = count.update { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        guard isWelcome else {
            return socket.close(
                code: ErrorCode.tooManyListeners.closeCode, reason: ErrorCode.tooManyListeners.rawValue)
        }
        let hearsAll = grant.allows(.control) && !grant.isBound
        let scope: ListenerScope = hearsAll ? .everyone : .session(grant.session ?? session)
        let player = PAIPlayer(socket, as: format, in: scope, by: grant, parts.server.timeline)
        _ = await parts.dispatcher.attach(player, .ready, resuming: nil)
        if let roundTrip = await socket.ping() {
            await parts.dispatcher.setRoundTrip(roundTrip, of: player.description.id)
        }
        while await socket.receive() != nil { continue }
        await parts.dispatcher.detach(player)
        await player.close()
        count.update { $0 -= 1 }
    }
}
