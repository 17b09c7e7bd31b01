import Flow
package import VoiceCore

/// What the dispatcher asks of the journal, and what it takes over from an earlier server.
extension Dispatcher {
    /// How long an answer waits for its job to be written; PROTOCOL.md, section 5.1 allows 5 ms for all of it.
    static let journalPatience = Duration.milliseconds(3)
    /// How long sound waits for the note that it is about to leave: a disk that hangs must not silence the server.
    static let begunPatience = Duration.milliseconds(100)
    /// How much further a job is heard between two notes of its position.
    static let noteInterval = Duration.seconds(1)

    /// The job that an earlier request with the same key made.
    func known(_ request: SpeakRequest, by grant: Grant) async throws(SpeakRefusal) -> JobStatus? {
        guard let key = request.key else { return nil }
        return try await answer { () async throws(JournalError) in
            try await surroundings.journal.find(key, of: grant.token)
        }
    }

    /// Keeps a job with its key before it is accepted.
    ///
    /// - Returns: The job that was there first, if there was one.
    func claim(_ entry: JobEntry) async throws(SpeakRefusal) -> JobStatus? {
        guard let key = entry.request.key else { return nil }
        return try await answer { () async throws(JournalError) in
            try await surroundings.journal.claim(key, for: entry)
        }
    }

    /// Gives the key of a job back that was refused after all, so that the request may be repeated.
    func withdraw(_ entry: JobEntry) async {
        guard entry.request.key != nil else { return }
        let ticket = surroundings.journal.take(JobNote(.withdrawn, of: entry.id))
        await surroundings.journal.wait(for: ticket, atMost: Self.begunPatience)
    }

    private func answer(
        _ ask: () async throws(JournalError) -> KeyClaim
    ) async throws(SpeakRefusal) -> JobStatus? {
        let claim: KeyClaim
        do throws(JournalError) {
            claim = try await ask()
        } catch {
            throw .keyNotKept(error)
        }
        switch claim {
        case .new: return nil
        case .conflict: throw .keyConflict
        case .known(let status): return self.status(status.id) ?? status
        }
    }

    /// Takes over what an earlier server has not ended, before this one answers anybody.
    ///
    /// - Parameter isResuming: Whether jobs that had not begun are put back into the queue, under their ids and in their
    ///   order; all others are told to have failed.
    package func takeOver(_ jobs: [UnfinishedJob], isResuming: Bool) async {
        for job in jobs {
            if isResuming, job.isResumable, await resume(job.entry) { continue }
            let end = JobEnd.failed(.serverRestarted, job.delivered)
            surroundings.journal.take(JobNote(.ended(end), of: job.entry.id))
            surroundings.events.publish(
                event: Event(.jobEnded(end), session: job.entry.session.id, job: job.entry.id))
        }
    }

    /// - Returns: False if its session cannot be opened again.
    private func resume(_ entry: JobEntry) async -> Bool {
        let session = entry.session
        do throws(SessionError) {
            _ = try await surroundings.sessions.open(
                session.id, name: session.name, voice: session.voice, isLocal: session.isLocal)
        } catch {
            return false
        }
        await surroundings.sessions.beginJob(of: session.id)
        let engines = surroundings.engines
        let late = LateSynthesizer(voice: entry.voice, engines: engines, timeline: surroundings.timeline)
        enqueue(entry, await engines.synthesizer(for: entry.voice) ?? late)
        return true
    }
}
