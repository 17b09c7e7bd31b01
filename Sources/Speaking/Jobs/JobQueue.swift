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
        let waiting = Array(jobs.values)
        // Small keys are sorted instead of whole jobs: a thousand may wait, and each change asks for the order.
        let byAcceptance = waiting.indices.sorted { waiting[$0].number < waiting[$1].number }
        var roundOf: [SessionID: Int] = [:]
        let ranks = byAcceptance.map { index in
            (rank: rank(of: waiting[index], at: now, rounds: &roundOf), index: index)
        }
        return ledBySession(ranks.sorted { $0.rank < $1.rank }.map { waiting[$0.index] })
    }

    /// Where a job stands among others: the smaller the sooner, compared from the first member on.
    private struct Rank: Comparable {
        /// 0 for a job that took another one's turn, 1 for one that had begun, 2 for all others.
        let group: Int
        var turn = 0.0
        var place: UInt64 = 0
        let number: UInt64

        static func < (left: Rank, right: Rank) -> Bool {
            (left.group, left.turn, left.place, left.number) < (right.group, right.turn, right.place, right.number)
        }
    }

    /// - Parameter roundOf: How many jobs of each session came before; asked in the order of acceptance.
    private func rank(of job: WaitingJob, at now: Duration, rounds roundOf: inout [SessionID: Int]) -> Rank {
        guard job.precedence != .all, !job.past.wasBegun else {
            return Rank(group: job.precedence == .all ? 0 : 1, number: job.number)
        }
        switch policy {
        case .fifo:
            return Rank(group: 2, number: job.number)
        case .priority:
            return Rank(group: 2, turn: -urgency(job, at: now), number: job.number)
        case .roundRobin:
            let round = roundOf[job.session, default: 0]
            roundOf[job.session] = round + 1
            return Rank(
                group: 2, turn: Double(round), place: rotation[job.session] ?? 0, number: job.number)
        }
    }

    /// Lets a session's leading jobs have the first of the places that its jobs have.
    private func ledBySession(_ jobs: [WaitingJob]) -> [WaitingJob] {
        let sessions = Set(jobs.lazy.filter { $0.precedence == .session }.map(\.session))
        guard !sessions.isEmpty else { return jobs }
        var jobs = jobs
        for session in sessions {
            let places = jobs.indices.filter {
                jobs[$0].session == session && jobs[$0].precedence != .all && !jobs[$0].past.wasBegun
            }
            let own = places.map { jobs[$0] }
            let led = own.filter { $0.precedence == .session } + own.filter { $0.precedence != .session }
            for (place, job) in zip(places, led) { jobs[place] = job }
        }
        return jobs
    }

    /// Priority plus 1 for each 10 s waited (PROTOCOL.md, section 5.1).
    private func urgency(_ job: WaitingJob, at now: Duration) -> Double {
        Double(job.priority) + (now - job.acceptedAt) / .seconds(10)
    }
}
