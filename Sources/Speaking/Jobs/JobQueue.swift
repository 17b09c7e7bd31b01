package import VoiceCore

/// The jobs that wait, in the order in which they take their turn.
package struct JobQueue: Hashable, Sendable {
    package var policy: TurnPolicy
    private var jobs: [JobID: WaitingJob] = [:]
    private var accepted: UInt64 = 0
    /// Per session, its place in the rotation: the number of the turn it took last, or of the moment its queue began.
    private var rotation: [SessionID: UInt64] = [:]
    private var turns: UInt64 = 0

    package init(policy: TurnPolicy = .roundRobin) {
        self.policy = policy
    }

    package var count: Int { jobs.count }
    package var isEmpty: Bool { jobs.isEmpty }
    /// Whether no session has a place in the rotation.
    var remembersNobody: Bool { rotation.isEmpty }

    package subscript(_ id: JobID) -> WaitingJob? {
        get { jobs[id] }
        set {
            if newValue != nil { jobs[id] = newValue }
        }
    }

    /// The waiting jobs in no order.
    var unordered: some Collection<WaitingJob> { jobs.values }

    /// Adds a new job.
    mutating func add(_ job: WaitingJob, at now: Duration) {
        var job = job
        accepted += 1
        job.number = accepted
        job.acceptedAt = now
        put(job)
    }

    /// Puts back a job that could not be heard where it was tried.
    mutating func putBack(_ job: WaitingJob) {
        put(job)
    }

    private mutating func put(_ job: WaitingJob) {
        if !jobs.values.contains(where: { $0.session == job.session }) {
            turns += 1
            rotation[job.session] = turns
        }
        jobs[job.id] = job
    }

    /// Removes a job that ends without a turn.
    mutating func remove(_ id: JobID) -> WaitingJob? {
        guard let job = jobs.removeValue(forKey: id) else { return nil }
        forgetRotation(of: job.session)
        return job
    }

    /// Removes a job that takes its turn; its session goes to the end of the rotation.
    mutating func take(_ id: JobID) -> WaitingJob? {
        guard let job = jobs.removeValue(forKey: id) else { return nil }
        turns += 1
        rotation[job.session] = turns
        forgetRotation(of: job.session)
        return job
    }

    private mutating func forgetRotation(of session: SessionID) {
        if !jobs.values.contains(where: { $0.session == session }) { rotation.removeValue(forKey: session) }
    }

    /// The waiting jobs, the next one first.
    ///
    /// Jobs that took another one's turn come first, then those that had begun already, whatever the policy.
    package func inOrder(at now: Duration) -> [WaitingJob] {
        let byAcceptance = jobs.values.sorted { $0.number < $1.number }
        let leading = byAcceptance.filter { $0.precedence == .all }
        let begun = byAcceptance.filter { $0.precedence != .all && $0.past.wasBegun }
        let fresh = byAcceptance.filter { $0.precedence != .all && !$0.past.wasBegun }
        return leading + begun + ledBySession(ordered(fresh, at: now))
    }

    /// Lets a session's leading jobs have the first of the places that its jobs have.
    private func ledBySession(_ jobs: [WaitingJob]) -> [WaitingJob] {
        let sessions = Set(jobs.lazy.filter { $0.precedence == .session }.map(\.session))
        guard !sessions.isEmpty else { return jobs }
        var jobs = jobs
        for session in sessions {
            let places = jobs.indices.filter { jobs[$0].session == session }
            let own = places.map { jobs[$0] }
            let led = own.filter { $0.precedence == .session } + own.filter { $0.precedence != .session }
            for (place, job) in zip(places, led) { jobs[place] = job }
        }
        return jobs
    }

    /// - Parameter jobs: By acceptance.
    private func ordered(_ jobs: [WaitingJob], at now: Duration) -> [WaitingJob] {
        switch policy {
        case .fifo:
            return jobs
        case .priority:
            return jobs.enumerated().sorted { left, right in
                let (a, b) = (urgency(left.element, at: now), urgency(right.element, at: now))
                return a == b ? left.offset < right.offset : a > b
            }.map(\.element)
        case .roundRobin:
            var roundOf: [SessionID: Int] = [:]
            let placed = jobs.map { job in
                let round = roundOf[job.session, default: 0]
                roundOf[job.session] = round + 1
                return (job: job, round: round, place: rotation[job.session] ?? 0)
            }
            return placed.sorted { ($0.round, $0.place, $0.job.number) < ($1.round, $1.place, $1.job.number) }
                .map(\.job)
        }
    }

    /// Priority plus 1 for each 10 s waited (PROTOCOL.md, section 5.1).
    private func urgency(_ job: WaitingJob, at now: Duration) -> Double {
        Double(job.priority) + (now - job.acceptedAt) / .seconds(10)
    }
}
