import Flow
import JSON
import Net
import Speaking
import VoiceCore
import Wire

/// The clients of the queue, each told of every job that came through the door.
final class TTSQueue: Sendable {
    /// Ends are told quickly; a client that takes nothing loses them.
    private static let patience = Duration.seconds(1)

    private let sockets = Monitor<[UInt64: WebSocket]>([:])
    private let followed = Monitor(0)
    private let pool = TaskPool()

    func join(_ socket: WebSocket) { sockets.update { $0[socket.id] = socket } }

    func leave(_ socket: WebSocket) { sockets.update { _ = $0.removeValue(forKey: socket.id) } }

    /// Tells every client.
    func tell(_ event: TTSEvent) {
        let all = sockets.withLock { Array($0.values) }
        if !all.isEmpty { WebSocket.send(Frame.text(event.json), to: all) }
    }

    /// Tells what becomes of a job: once when it starts, if it does, and once at its end.
    func follow(_ job: JobStatus, named name: TTSJobName, in dispatcher: Dispatcher) {
        followed.update { $0 += 1 }
        tell(
            TTSEvent(
                .queued, of: job, named: name,
                ["text": .string(job.text), "position": .integer(job.position ?? 0)]))
        pool.start { [self] in
            await watch(job.id, named: name, in: dispatcher)
            followed.update { $0 -= 1 }
        }
    }

    private func watch(_ id: JobID, named name: TTSJobName, in dispatcher: Dispatcher) async {
        if let job = await dispatcher.waitForStart(of: id), let delay = job.startDelay {
            tell(TTSEvent(.started, of: job, named: name, ["start_delay_ms": .milliseconds(delay)]))
        }
        if let job = await dispatcher.waitForEnd(of: id), let event = TTSEvent(endOf: job, named: name) { tell(event) }
    }

    /// Waits until every end is told, then ends.
    func finish(_ timeline: Timeline) async {
        let followed = followed
        _ = await timeline.limit(Self.patience) { await followed.wait { $0 == 0 ? true : nil } }
        await pool.stop()
    }
}
