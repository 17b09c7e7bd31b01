package import VoiceCore

/// Jobs that must wait, and jobs that fall silent to go on later.
extension Floor {
    /// Keeps jobs from beginning; `paused` also silences what sounds of them.
    ///
    /// - Parameter end: When the brake goes off by itself; nil for never.
    /// - Returns: Nil if too many brakes are on.
    package mutating func put(
        _ brake: Brake, on subject: BrakeSubject, until end: Duration?, at now: Duration
    ) -> [Action]? {
        guard brakes.put(brake, on: subject, until: end) else { return nil }
        var actions: [Action] = []
        if brake == .paused {
            for id in sounding.keys.sorted() { actions += suspend(id, at: now) }
        }
        return actions + walk(at: now)
    }

    /// Takes a brake off: what it kept back has its turn, what had begun goes on first.
    package mutating func release(_ subject: BrakeSubject, at now: Duration) -> [Action] {
        brakes.release(subject)
        return walk(at: now)
    }

    /// Silences a job that a pause is on for.
    private mutating func suspend(_ id: JobID, at now: Duration) -> [Action] {
        guard let job = sounding[id], job.delivery != nil, job.abortReason == nil, !job.isSuspending, isPaused(job)
        else { return [] }
        sounding[id]?.isSuspending = true
        let decisions = sounding[id]?.delivery?.abort(at: now) ?? []
        return apply(decisions, to: id, at: now)
    }

    private func isPaused(_ job: Sounding) -> Bool {
        let subjects = [.everything, .session(job.job.session)] + job.outputs.map(BrakeSubject.output)
        return subjects.contains { brakes[$0]?.brake == .paused }
    }

    /// It is silent everywhere: it waits, unless it was heard to its end meanwhile.
    mutating func suspended(_ id: JobID, at now: Duration) -> [Action] {
        guard let job = sounding[id], let delivery = job.delivery else { return [] }
        if job.silentSince != nil { return putBackDry(id) + walk(at: now) }
        guard job.job.past.wasHeard, job.job.audio.isComplete, job.heardTo >= job.job.audio.end else {
            return tryElsewhere(id, at: now)
        }
        return conclude(id, finished(id, .confirmed, delivery.hearing), at: now)
    }
}
