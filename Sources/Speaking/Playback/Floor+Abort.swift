package import VoiceCore

/// What ends jobs early: aborts, and new jobs that interrupt.
extension Floor {
    /// Adds a job that cuts others, in one step: nothing else gets the outputs in between.
    ///
    /// What sounds is cut, and what sounded and waits to go on; what only waits stays where it is. The new job takes
    /// the turn of what it cut. Where nothing sounds for its own session it goes before the rest of that session.
    ///
    /// - Parameter isCovered: Whether jobs of a session may be cut.
    package mutating func add(
        _ job: WaitingJob, interrupting interruption: Interruption, covering isCovered: (SessionID) -> Bool,
        at now: Duration
    ) -> [Action] {
        var job = job
        let cut: [JobID]
        switch interruption {
        case .none:
            return add(job, at: now)
        case .session:
            cut = jobs(in: .current(session: job.session, output: nil))
            job.precedence = cut.isEmpty ? .session : .all
        case .output:
            var book = RouteBook(listeners)
            let outputs = book.outputs(of: job) ?? []
            cut = current { !$1.isDisjoint(with: outputs) }
            job.precedence = .all
        case .all:
            cut = current { _, _ in true }
            job.precedence = .all
        }
        queue.add(job, at: now)
        return abort(cut.filter { session(of: $0).map(isCovered) == true }, .interrupted, at: now)
    }

    /// Ends jobs early; those that have ended already stay as they are.
    package mutating func abort(_ ids: [JobID], _ reason: AbortReason, at now: Duration) -> [Action] {
        let living = ids.filter(isAlive)
        var actions = living.map(Action.stop)
        // First what waits: else one of them could take the turn of another.
        for id in living {
            guard let job = queue[id] else { continue }
            actions += end(id, .aborted(reason, at: job.past.position, isEstimated: false))
        }
        for id in living where sounding[id] != nil {
            actions += silence(id, reason, at: now)
        }
        return actions + walk(at: now)
    }

    private mutating func silence(_ id: JobID, _ reason: AbortReason, at now: Duration) -> [Action] {
        guard let job = sounding[id] else { return [] }
        guard job.delivery != nil else { return end(id, .aborted(reason, at: .zero, isEstimated: false)) }
        sounding[id]?.abortReason = reason
        let decisions = sounding[id]?.delivery?.abort(at: now) ?? []
        return apply(decisions, to: id, at: now)
    }

    /// Whether the job has not ended and nobody is ending it.
    package func isAlive(_ id: JobID) -> Bool {
        queue[id] != nil || (sounding[id].map { $0.abortReason == nil } ?? false)
    }

    /// The living jobs that an abort means, by id.
    package func jobs(in scope: AbortScope) -> [JobID] {
        switch scope {
        case .job(let id):
            return isAlive(id) ? [id] : []
        case .session(let session):
            return living { own, _ in own == session }
        case .all:
            return living { _, _ in true }
        case .output(let output):
            return living { $1.contains(output) }
        case .current(_, let output?):
            return current { $1.contains(output) }
        case .current(let session, nil):
            return current { own, _ in own == session }
        }
    }

    /// The session of a job that has not ended.
    package func session(of id: JobID) -> SessionID? {
        queue[id]?.session ?? sounding[id]?.job.session
    }

    /// Jobs whose turn it is: those that sound, that sounded and wait to go on, or that took another one's turn.
    private func current(_ isMeant: (SessionID, Set<OutputID>) -> Bool) -> [JobID] {
        living {
            isMeant($0, $1)
        } among: {
            $0.past.wasBegun || $0.precedence == .all
        }
    }

    private func living(
        _ isMeant: (SessionID, Set<OutputID>) -> Bool, among isWanted: (WaitingJob) -> Bool = { _ in true }
    ) -> [JobID] {
        var book = RouteBook(listeners)
        let waiting = queue.unordered.filter { job in
            isWanted(job) && isMeant(job.session, book.outputs(of: job) ?? [])
        }
        let heard = sounding.values.filter { job in
            job.abortReason == nil && isMeant(job.job.session, job.outputs)
        }
        return (waiting.map(\.id) + heard.map(\.job.id)).sorted()
    }
}
