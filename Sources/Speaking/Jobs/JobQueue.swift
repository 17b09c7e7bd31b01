package import VoiceCore

/// The jobs that wait, in the order in which they take their turn.
package struct JobQueue: Sendable {
    package var policy: TurnPolicy {
        didSet { line = nil }
    }
    private var jobs: [JobID: WaitingJob] = [:]
    /// How many jobs of each session wait.
    private var counts: [SessionID: Int] = [:]
    /// How many of them go before others whatever the policy: while there are any, the order is found anew each time.
    private var privilegedCount = 0
    private var accepted: UInt64 = 0
    /// Per session, its place in the rotation: the number of the turn it took last, or of the moment its queue began.
    private var rotation: [SessionID: UInt64] = [:]
    private var turns: UInt64 = 0
    /// The order, where it is known; nil where it has to be found anew.
    private var line: JobLine?

    package init(policy: TurnPolicy = .roundRobin) {
        self.policy = policy
    }

    package var count: Int { jobs.count }
    package var isEmpty: Bool { jobs.isEmpty }
    /// Whether no session has a place in the rotation.
    var remembersNobody: Bool { rotation.isEmpty && counts.isEmpty }

    package subscript(_ id: JobID) -> WaitingJob? {
        get { jobs[id] }
        set {
            guard let old = jobs[id], let newValue else { return }
            jobs[id] = newValue
            guard old.precedence != newValue.precedence || old.past.wasBegun != newValue.past.wasBegun else { return }
            privilegedCount += (newValue.isPrivileged ? 1 : 0) - (old.isPrivileged ? 1 : 0)
            line = nil
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
        let others = counts[job.session] ?? 0
        if others == 0 {
            turns += 1
            rotation[job.session] = turns
        }
        counts[job.session] = others + 1
        jobs[job.id] = job
        if job.isPrivileged { privilegedCount += 1 }
        let rank = rank(of: job, round: others)
        if privilegedCount == 0 { line?.insert(job.id, at: rank) } else { line = nil }
    }

    /// Removes a job that ends without a turn.
    mutating func remove(_ id: JobID) -> WaitingJob? { leave(id) }

    /// Removes a job that takes its turn; its session goes to the end of the rotation.
    mutating func take(_ id: JobID) -> WaitingJob? {
        guard let job = leave(id) else { return nil }
        turns += 1
        guard counts[job.session] != nil else { return job }
        rotation[job.session] = turns
        if policy == .roundRobin { line = nil }
        return job
    }

    private mutating func leave(_ id: JobID) -> WaitingJob? {
        guard let job = jobs.removeValue(forKey: id) else { return nil }
        let others = (counts[job.session] ?? 1) - 1
        // Only the last of its session leaves the rounds of all others as they are.
        let rank = rank(of: job, round: others)
        if privilegedCount > 0 || line?.remove(id, at: rank) != true { line = nil }
        counts[job.session] = others > 0 ? others : nil
        if others == 0 { rotation.removeValue(forKey: job.session) }
        if job.isPrivileged { privilegedCount -= 1 }
        return job
    }

    /// Finds the order if it is not known, so that those who ask next need not.
    mutating func settle() {
        if line == nil { line = freshLine() }
    }

    /// The waiting jobs, the next one first.
    ///
    /// Jobs that took another one's turn come first, then those that had begun already, whatever the policy.
    package var inOrder: [WaitingJob] {
        let jobs = (line ?? freshLine()).ids.compactMap { self.jobs[$0] }
        return privilegedCount == 0 ? jobs : ledBySession(jobs)
    }

    private func freshLine() -> JobLine {
        let waiting = Array(jobs.values)
        let byAcceptance = waiting.indices.sorted { waiting[$0].number < waiting[$1].number }
        var rounds: [SessionID: Int] = [:]
        return JobLine(
            byAcceptance.map { index in
                let job = waiting[index]
                let round = rounds[job.session] ?? 0
                if job.precedence != .all, !job.past.wasBegun { rounds[job.session] = round + 1 }
                return (rank(of: job, round: round), job.id)
            })
    }

    /// - Parameter round: How many jobs of the session come before it.
    private func rank(of job: WaitingJob, round: Int) -> JobLine.Rank {
        guard job.precedence != .all, !job.past.wasBegun else {
            return JobLine.Rank(group: job.precedence == .all ? 0 : 1, number: job.number)
        }
        switch policy {
        case .fifo:
            return JobLine.Rank(group: 2, number: job.number)
        case .priority:
            return JobLine.Rank(group: 2, turn: -urgency(job), number: job.number)
        case .roundRobin:
            return JobLine.Rank(
                group: 2, turn: Double(round), place: rotation[job.session] ?? 0, number: job.number)
        }
    }

    /// Lets a session's leading jobs have the first of the places that its jobs have.
    private func ledBySession(_ jobs: [WaitingJob]) -> [WaitingJob] {
        let sessions = Set(jobs.lazy.filter { $0.precedence == .session }.map(\.session))
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

    /// Priority plus 1 for each 10 s waited (PROTOCOL.md, section 5.1), as of the moment zero.
    ///
    /// All jobs gain at the same pace, so their order does not change with time.
    private func urgency(_ job: WaitingJob) -> Double {
        Double(job.priority) - job.acceptedAt / .seconds(10)
    }
}

extension WaitingJob {
    /// Whether it goes before others whatever the policy.
    fileprivate var isPrivileged: Bool { precedence != .none || past.wasBegun }
}
