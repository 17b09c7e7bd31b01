package import Flow
package import VoiceCore
package import Wire

/// A speaker of this machine as a listener of a server, kept across lost connections.
package struct RemoteSpeaker: Sendable {
    /// What happens to it, for people.
    package enum Update: Hashable, Sendable {
        case connected(ListenerID)
        case lost(retryIn: Duration)
        case speaking(JobID, text: String)
        case silent
    }

    private struct State: Sendable {
        var hasConnected = false
        var readiness: Readiness
    }

    private let address: ServerAddress
    private let listener: RemoteListener
    private let clientName: String
    private let state: Monitor<State>

    /// - Parameters:
    ///   - player: What makes the sound.
    ///   - request: Its scope, output and device.
    package init(
        _ address: ServerAddress, player: any Listener, request: ListenerOpenCommand, clientName: String,
        readiness: Readiness = .ready
    ) {
        self.address = address
        self.clientName = clientName
        listener = RemoteListener(player: player, request: request)
        state = Monitor(State(readiness: readiness))
    }

    /// Tells the server, now or at the next connection, whether it can be heard.
    package func setReadiness(_ readiness: Readiness) async {
        state.withLock { $0.readiness = readiness }
        await listener.setReadiness(readiness)
    }

    /// Runs until cancelled.
    ///
    /// - Throws: `RemoteError` when the first connection fails or the server refuses one.
    package func run(update: @escaping @Sendable (Update) async -> Void) async throws {
        let timeline = Timeline.live()
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                try await serve(update)
                backoff.reset()
            } catch let error as RemoteError where isWorthRetrying(error) {
            } catch {
                await listener.stop()
                throw error
            }
            guard !Task.isCancelled else { break }
            await listener.disconnected()
            let pause = backoff.next()
            await update(.lost(retryIn: pause))
            await timeline.sleep(until: timeline.now + pause)
        }
        await listener.stop()
    }

    private func isWorthRetrying(_ error: RemoteError) -> Bool {
        if case .refused = error { return false }
        return state.withLock { $0.hasConnected }
    }

    private func serve(_ update: @escaping @Sendable (Update) async -> Void) async throws {
        try await ServerConnection.with(address, client: clientName) { connection in
            let id = try await listener.open(on: connection, state.withLock { $0.readiness })
            state.withLock { $0.hasConnected = true }
            let filter = try EventFilter(names: ["job.started", "job.finished", "job.aborted", "job.failed"])
            _ = try? await connection.request(.subscribe(SubscribeCommand(filter: filter)))
            await update(.connected(id))
            while let incoming = await connection.incoming.next() {
                await listener.take(incoming)
                if case .message(let message) = incoming { await tell(message, id, update) }
            }
            if let ending = connection.ending, ending != .lost { throw ending }
        }
    }

    private func tell(
        _ message: JSONValue, _ id: ListenerID, _ update: @Sendable (Update) async -> Void
    ) async {
        let names = message["listeners"]?.elements?.compactMap(\.text) ?? []
        switch message["type"]?.text {
        case "job.started" where names.contains(id.rawValue):
            await update(.speaking(JobID(message["job_id"]?.text ?? ""), text: message["text"]?.text ?? ""))
        case "job.finished" where names.contains(id.rawValue), "job.aborted", "job.failed": await update(.silent)
        default: break
        }
    }
}
