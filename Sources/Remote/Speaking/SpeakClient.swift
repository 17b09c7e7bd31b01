package import Flow
package import VoiceCore
package import Wire

/// Asks a server to speak and follows the job to its end.
package struct SpeakClient: Sendable {
    /// How long a lost connection may be tried again while a job lives.
    package static let defaultReconnectionLimit = Duration.seconds(3)

    private let address: ServerAddress
    private let clientName: String
    private let reconnectionLimit: Duration

    package init(
        _ address: ServerAddress, clientName: String,
        reconnectionLimit: Duration = SpeakClient.defaultReconnectionLimit
    ) {
        self.address = address
        self.clientName = clientName
        self.reconnectionLimit = reconnectionLimit
    }

    /// Makes the job and returns when it has ended, whatever happens to the connection.
    ///
    /// - Parameters:
    ///   - abort: Opened by the caller to stop the job.
    ///   - update: Called in order with what becomes known.
    /// - Throws: `RemoteError` when the job was never accepted.
    package func speak(
        _ speak: WireSpeak, abort: Latch, update: @escaping @Sendable (SpeakUpdate) async -> Void
    ) async throws -> SpeakOutcome {
        let progress = Monitor(Progress())
        let follower = JobFollower(address: address, abort: abort, progress: progress, update: update)
        do {
            return try await ServerConnection.with(address, client: clientName) { connection in
                _ = try await connection.request(.subscribe(SubscribeCommand(filter: EventFilter(names: ["job.*"]))))
                let reply = try await connection.request(.speak(speak))
                await follower.accept(reply)
                return try await follower.follow(connection)
            }
        } catch RemoteError.lost where progress.withLock({ $0.job != nil }) {
            return await reconnect(follower, progress)
        }
    }

    /// Makes the job in a session of its own and has it sound on `player` alone, such as a file.
    ///
    /// - Throws: `RemoteError` when the job was never accepted, or when the connection is lost.
    package func speak(
        _ speak: WireSpeak, into player: any Listener, abort: Latch,
        update: @escaping @Sendable (SpeakUpdate) async -> Void
    ) async throws -> SpeakOutcome {
        let kind = player.description.kind
        let listener = RemoteListener(player: player, request: ListenerOpenCommand(kind: kind))
        let follower = JobFollower(
            address: address, abort: abort, progress: Monitor(Progress()), update: update, listener: listener)
        let session = WireSessionRequest(name: clientName, voice: speak.request.voice)
        return try await ServerConnection.with(address, client: clientName, session: session) { connection in
            let id = try await listener.open(on: connection, .ready)
            var order = speak
            order.session = connection.session
            order.request.delivery = .steps([.listener(id)])
            _ = try await connection.request(.subscribe(SubscribeCommand(filter: EventFilter(names: ["job.*"]))))
            await follower.accept(try await connection.request(.speak(order)))
            let outcome = try await follower.follow(connection)
            if let session = connection.session { connection.send(.sessionEnd(session)) }
            return outcome
        }
    }

    /// Follows the job on new connections for as long as the limit allows; then the outcome is unknown.
    private func reconnect(_ follower: JobFollower, _ progress: Monitor<Progress>) async -> SpeakOutcome {
        await follower.update(.reconnecting)
        let timeline = Timeline.live()
        var deadline = timeline.now + reconnectionLimit
        var backoff = Backoff(first: .milliseconds(100), cap: .milliseconds(500))
        while timeline.now < deadline, !Task.isCancelled {
            do {
                return try await ServerConnection.with(address, client: clientName) { connection in
                    let filter = try EventFilter(names: ["job.*"])
                    _ = try await connection.request(.subscribe(SubscribeCommand(filter: filter)))
                    return try await follower.resume(connection)
                }
            } catch RemoteError.refused(code: "unknown_job", _) {
                break
            } catch {
                if progress.withLock({ $0.takeReconnected() }) { deadline = timeline.now + reconnectionLimit }
                await timeline.sleep(until: min(deadline, timeline.now + backoff.next()))
            }
        }
        return .lost(position: progress.withLock { $0.position })
    }
}

/// What is known of a job on this side of the connection.
struct Progress: Sendable {
    var job: JobID?
    var position = Duration.zero
    /// Whether the job was found again after the connection was lost.
    var hasReconnected = false

    mutating func takeReconnected() -> Bool {
        defer { hasReconnected = false }
        return hasReconnected
    }
}
