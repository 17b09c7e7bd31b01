import Flow
package import VoiceCore
package import Wire
import JSON

/// The client half of a listener: hands a server's audio to a player of this machine, and the player's reports to the
/// server. It outlives connections, so that a sentence goes on after a short loss.
package actor RemoteListener {
    private let player: any Listener
    private let request: ListenerOpenCommand
    private let reporting = TaskPool()
    private var connection: ServerConnection?
    private var id: ListenerID?
    private var audio: ReceivedAudio?
    private var readiness: Readiness?

    /// - Parameter request: What to ask the server for; its readiness and resumption are filled in here.
    package init(player: any Listener, request: ListenerOpenCommand) {
        self.player = player
        self.request = request
    }

    /// The server's name for it; nil before the first `open`.
    package var listenerID: ListenerID? { id }

    /// The job that sounds here.
    package var currentJob: JobID? { audio?.job }

    /// Opens it on a connection, or resumes on it what an earlier connection began.
    @discardableResult
    package func open(on connection: ServerConnection, _ readiness: Readiness) async throws -> ListenerID {
        var request = request
        request.readiness = readiness
        self.readiness = readiness
        if let id, let audio {
            request.resume = .init(listener: id, job: audio.job, received: audio.received)
        }
        let reply = try await connection.request(.listenerOpen(request))
        guard let name = reply["listener_id"]?.text else { throw RemoteError.lost }
        if request.resume != nil, reply["resumed"]?.flag != true { await forget() }
        self.connection = connection
        id = ListenerID(name)
        return ListenerID(name)
    }

    /// Tells the server whether it can be heard.
    package func setReadiness(_ readiness: Readiness) {
        self.readiness = readiness
        guard let id else { return }
        connection?.send(.listenerState(ListenerStateCommand(listener: id, readiness: readiness)))
    }

    /// Takes what came on the connection; what is not for this listener is ignored.
    package func take(_ incoming: ServerConnection.Incoming) async {
        switch incoming {
        case .message(let message):
            guard let begin = AudioBegin(message), begin.listener == id else { return }
            guard let audio = ReceivedAudio(begin) else { return refuse(begin) }
            await play(audio)
        case .audio(let header, let payload):
            if let audio, header.channel == audio.channel || header.channel == 0 {
                await take(header, payload)
            } else if header.kind == .flush, let readiness {
                // Of what has ended here: its last reports were late, and the server counts on this listener no more.
                setReadiness(readiness)
            }
        }
    }

    /// The connection is gone; what is held goes on playing.
    package func disconnected() {
        connection = nil
    }

    /// Falls silent and ends everything.
    package func stop() async {
        await forget()
        await reporting.stop()
    }

    private func play(_ next: ReceivedAudio) async {
        if audio?.continue(with: next) == true { return }
        audio?.end()
        audio = next
        let (job, base) = (next.job, next.base)
        let reports = await player.play(next.take, of: next.job, from: .zero)
        reporting.start { [self] in
            for await report in reports { await forward(report, of: job, from: base) }
        }
    }

    private func take(_ header: AudioFrameHeader, _ payload: [UInt8]) async {
        switch header.kind {
        case .audioOut: if audio?.append(payload) == false { await forget() }
        case .end: audio?.complete(at: header.timestamp)
        case .flush: await forget()
        default: break
        }
    }

    /// The server sent what was not asked for.
    private func refuse(_ begin: AudioBegin) {
        var command = PlaybackCommand(job: begin.job, listener: begin.listener, state: .failed)
        command.reason = "format"
        connection?.send(.playback(command))
    }

    private func forget() async {
        guard let job = audio?.job else { return }
        audio?.end()
        audio = nil
        await player.flush(job)
    }

    private func forward(_ report: PlaybackReport, of job: JobID, from base: Duration) {
        if report.isLast, audio?.job == job { audio = nil }
        guard let connection, let id else { return }
        var command = PlaybackCommand(job: job, listener: id, state: .progress)
        switch report {
        case .sent: return
        case .started(let position): (command.state, command.position) = (.started, base + position)
        case .progress(let position): (command.state, command.position) = (.progress, base + position)
        case .finished(let position): (command.state, command.position) = (.finished, base + position)
        case .flushed(let position): (command.state, command.position) = (.flushed, base + position)
        case .failed(let reason): (command.state, command.reason) = (.failed, reason)
        case .gone: (command.state, command.reason) = (.failed, "no_device")
        }
        connection.send(.playback(command))
    }
}
