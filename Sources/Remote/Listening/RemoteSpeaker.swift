import Flow
package import VoiceCore
package import Wire
import JSON

/// Makes a speaker of this machine a listener of a server, and keeps it one across lost connections.
///
/// To the speaker it is the directory in which it tells whether it can be heard.
package final class RemoteSpeaker: ListenerDirectory, Service {
    /// What happens to it, for people.
    package enum Update: Hashable, Sendable {
        case readiness(Readiness)
        case connected(ListenerID)
        case lost(retryIn: Duration)
        case speaking(JobID, text: String)
        case silent
    }

    private struct State: Sendable {
        var listener: RemoteListener?
        var readiness = Readiness.notReady(reason: "starting")
        var hasConnected = false
    }

    private let address: ServerAddress
    private let request: ListenerOpenCommand
    private let clientName: String
    private let update: @Sendable (Update) async -> Void
    private let state = Monitor(State())

    /// - Parameters:
    ///   - request: Its scope, output and device.
    ///   - update: Called in order with what happens.
    package init(
        _ address: ServerAddress, request: ListenerOpenCommand, clientName: String,
        update: @escaping @Sendable (Update) async -> Void
    ) {
        self.address = address
        self.request = request
        self.clientName = clientName
        self.update = update
    }

    // MARK: The speaker's side

    package func attach(
        _ listener: any Listener, _ readiness: Readiness, resuming resumption: Resumption?
    ) async -> Bool {
        state.update { state in
            state.listener = state.listener ?? RemoteListener(player: listener, request: request)
        }
        await setReadiness(readiness, of: listener.description.id)
        return false
    }

    package func setReadiness(_ readiness: Readiness, of listener: ListenerID) async {
        state.update { $0.readiness = readiness }
        await state.withLock { $0.listener }?.setReadiness(readiness)
        await update(.readiness(readiness))
    }

    /// The server holds the trim that `request` names.
    package func setTrim(_ trim: ListenerTrim, of listener: ListenerID) async {}

    package func setRoundTrip(_ roundTrip: Duration, of listener: ListenerID) async {}

    /// The speaker stops for good, so nobody needs to be told.
    package func detach(_ listener: any Listener) async {
        state.update { $0.readiness = .notReady(reason: "no_device") }
    }

    // MARK: The server's side

    /// Runs until cancelled; begins when the speaker has attached itself.
    ///
    /// - Throws: `RemoteError` when the first connection fails or the server refuses one.
    package func run() async throws {
        guard let listener = await state.wait({ $0.listener }) else { return }
        do {
            try await keepConnected(listener)
        } catch {
            await listener.stop()
            throw error
        }
        await listener.stop()
    }

    private func keepConnected(_ listener: RemoteListener) async throws {
        let timeline = Timeline.live()
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                try await serve(listener)
                backoff.reset()
            } catch let error as RemoteError where isWorthRetrying(error) {}
            await listener.disconnected()
            guard !Task.isCancelled else { return }
            let pause = backoff.next()
            await update(.lost(retryIn: pause))
            await timeline.sleep(until: timeline.now + pause)
        }
    }

    private func isWorthRetrying(_ error: RemoteError) -> Bool {
        !error.isFinal && state.withLock { $0.hasConnected }
    }

    private func serve(_ listener: RemoteListener) async throws {
        try await ServerConnection.with(address, client: clientName) { [self] connection in
            let id = try await listener.open(on: connection, state.withLock { $0.readiness })
            state.update { $0.hasConnected = true }
            let filter = try EventFilter(names: ["job.started", "job.finished", "job.aborted", "job.failed"])
            connection.send(.subscribe(SubscribeCommand(filter: filter)))
            await update(.connected(id))
            while let incoming = await connection.incoming.next() {
                await listener.take(incoming)
                if case .message(let message) = incoming { await tell(message, id) }
            }
            if let ending = connection.ending, ending != .lost { throw ending }
        }
    }

    private func tell(_ message: JSONValue, _ id: ListenerID) async {
        let names = message["listeners"]?.elements?.compactMap(\.text) ?? []
        switch message["type"]?.text {
        case "job.started" where names.contains(id.rawValue):
            await update(.speaking(JobID(message["job_id"]?.text ?? ""), text: message["text"]?.text ?? ""))
        case "job.finished" where names.contains(id.rawValue), "job.aborted", "job.failed": await update(.silent)
        default: break
        }
    }
}
