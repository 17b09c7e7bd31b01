import Flow
import VoiceCore
import Wire
import JSON

/// Reads the events of one job until it ends.
struct JobFollower: Sendable {
    let address: ServerAddress
    let abort: Latch
    let progress: Monitor<Progress>
    let update: @Sendable (SpeakUpdate) async -> Void
    /// Where the job sounds, if that is on the same connection.
    var listener: RemoteListener?

    /// Notes the job that the reply to `speak` names.
    func accept(_ reply: JSONValue) async {
        guard let id = reply["job_id"]?.text else { return }
        progress.withLock { $0.job = JobID(id) }
        await update(
            .accepted(
                JobID(id), position: reply["position"]?.whole, estimatedWait: reply.duration("estimated_wait_ms")))
    }

    /// Follows a job whose events so far were missed.
    func resume(_ connection: ServerConnection) async throws -> SpeakOutcome {
        guard let job = progress.withLock({ $0.job }) else { throw RemoteError.lost }
        let status = try await ServerRequests(address).get("/v1/jobs/\(ServerRequests.escaped(job.rawValue))")
        progress.withLock { $0.hasReconnected = true }
        if let outcome = SpeakOutcome(status) { return outcome }
        return try await follow(connection)
    }

    /// - Throws: `RemoteError.lost` when the connection ends before the job.
    func follow(_ connection: ServerConnection) async throws -> SpeakOutcome {
        try await withThrowingTaskGroup(of: SpeakOutcome?.self) { group in
            group.addTask { try await readEvents(connection) }
            group.addTask {
                await abortWhenAsked(connection)
                return nil
            }
            defer { group.cancelAll() }
            while let next = try await group.next() {
                if let next { return next }
            }
            throw RemoteError.lost
        }
    }

    private func abortWhenAsked(_ connection: ServerConnection) async {
        guard await abort.wait(), let job = progress.withLock({ $0.job }) else { return }
        connection.send(.abort(AbortCommand(scope: .job, job: job)))
    }

    private func readEvents(_ connection: ServerConnection) async throws -> SpeakOutcome {
        let job = progress.withLock { $0.job?.rawValue }
        while let incoming = await connection.incoming.next() {
            await listener?.take(incoming)
            guard case .message(let message) = incoming, message["job_id"]?.text == job else { continue }
            if let fallback = message["fallback"], let voice = fallback["voice"]?.text {
                await update(.fellBack(voice: voice, reason: fallback["reason"]?.text ?? "its engine failed"))
            }
            if let outcome = SpeakOutcome(message) { return outcome }
            await take(message)
        }
        try Task.checkCancellation()
        throw connection.ending ?? RemoteError.lost
    }

    private func take(_ message: JSONValue) async {
        let position = message.duration("position_ms")
        if let position { progress.withLock { $0.position = max($0.position, position) } }
        switch message["type"]?.text {
        case "job.held": await update(.held(reason: message["reason"]?.text ?? ""))
        case "job.started":
            let places = await places(message["listeners"])
            await update(.started(places: places, delay: message.duration("delay_ms") ?? .zero))
        case "job.moved":
            await update(.moved(places: await places(message["to"]), position: position ?? .zero))
        case "job.progress": await update(.progress(SpeakProgress(message)))
        case "job.words": await update(.words(Self.words(message["words"])))
        default: break
        }
    }

    /// What the server calls these listeners; their ids alone where it does not tell.
    private func places(_ ids: JSONValue?) async -> [Place] {
        let ids = ids?.elements?.compactMap(\.text) ?? []
        let reply = try? await ServerRequests(address).get("/v1/listeners")
        let known = reply?["listeners"]?.elements?.compactMap { Place($0) } ?? []
        return ids.map { id in known.first { $0.id == id } ?? Place(id: id, kind: "listener") }
    }

    private static func words(_ list: JSONValue?) -> [WordTime] {
        (list?.elements ?? []).compactMap { word in
            guard let start = word["char_index"]?.whole, let end = word["char_end"]?.whole,
                let begin = word.duration("start_ms"), let until = word.duration("end_ms")
            else { return nil }
            return WordTime(characterOffset: start, characterCount: end - start, start: begin, end: until)
        }
    }
}
