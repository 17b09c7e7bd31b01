package import VoiceCore

/// Who speaks where: the queue, the outputs and everything that sounds, as one value.
///
/// PROTOCOL.md, sections 5.1 to 5.6. Each input returns what must be done, in order; nothing here knows a task, a lock
/// or a clock. `now` is the time since any fixed origin and never falls.
package struct Floor: Sendable {
    /// What must be done.
    package enum Action: Hashable, Sendable {
        /// Make the first clause of this job's audio, if that has not begun.
        case prepare(JobID)
        /// Play the job on these listeners, all claimed for it.
        case play(JobID, on: [ListenerID], from: Duration)
        /// Nobody is to hear it: let its audio be made to the end.
        case makeSilently(JobID)
        /// Go on playing at a listener that came back.
        case resume(JobID, on: ListenerID, from: Duration)
        case flush(JobID, on: ListenerID)
        /// The listener is not ready until it says so again.
        case distrust(ListenerID, job: JobID, reason: String)
        /// Nothing more of its audio is to be made.
        case stop(JobID)
        case held(JobID, HeldReason)
        /// It waits for its turn again.
        case released(JobID)
        /// The first confirmation of the whole job.
        case started(JobID, on: [ListenerID])
        /// It sounds elsewhere than before.
        case moved(JobID, from: [ListenerID], to: [ListenerID], position: Duration)
        case progressed(JobID, Duration)
        /// The job is over; sent exactly once for each job.
        case end(JobID, Ending)
    }

    /// How a job ends.
    package enum Ending: Hashable, Sendable {
        case finished(Heard, on: [ListenerID])
        case aborted(AbortReason, at: Duration, isEstimated: Bool)
        case failed(JobFailure, at: Duration)
    }

    /// A job that has the outputs it needs.
    struct Sounding: Sendable {
        var job: WaitingJob
        var outputs: Set<OutputID>
        /// Nil for a job that sounds nowhere.
        var delivery: Delivery?
        var abortReason: AbortReason?
        /// Whether it is made silent so that it goes on later.
        var isSuspending = false
        /// Since when all that was written of it is heard; nil while there is something to say.
        var silentSince: Duration?

        /// How far it was heard; where it began as long as nobody has confirmed it.
        var heardTo: Duration { job.past.wasHeard ? delivery?.position ?? .zero : job.past.position }
    }

    /// PROTOCOL.md, section 5.1: how long free outputs wait for a job whose first audio is missing.
    static let audioPatience = Duration.seconds(2)
    /// The output of jobs that are not to be heard, so that one is made at a time.
    static let nowhere = OutputID("nowhere")

    package internal(set) var queue: JobQueue
    package internal(set) var brakes = Brakes()
    package internal(set) var listeners: [ListenerID: FloorListener] = [:]
    var sounding: [JobID: Sounding] = [:]
    /// Engine failures of jobs whose audio ends early.
    var broken: [JobID: SynthesisError] = [:]
    private var readyCount: UInt64 = 0

    package init(policy: TurnPolicy = .roundRobin) {
        queue = JobQueue(policy: policy)
    }

    // MARK: Jobs

    package mutating func add(_ job: WaitingJob, at now: Duration) -> [Action] {
        queue.add(job, at: now)
        return walk(at: now)
    }

    /// Changes whose turn is next; what sounds is heard to its end.
    package mutating func setPolicy(_ policy: TurnPolicy, at now: Duration) -> [Action] {
        queue.policy = policy
        return walk(at: now)
    }

    /// Its first audio exists.
    package mutating func audioReady(_ id: JobID, at now: Duration) -> [Action] {
        queue[id]?.hasAudio = true
        return walk(at: now)
    }

    /// More of its audio exists.
    package mutating func audioGrew(_ id: JobID, _ audio: AudioExtent, at now: Duration) -> [Action] {
        queue[id]?.audio = audio
        sounding[id]?.job.audio = audio
        sounding[id]?.delivery?.audioGrew(audio, at: now)
        if audio.isComplete { _ = wentOn(id, at: now) }
        guard audio.isComplete, let job = sounding[id], job.delivery == nil else { return [] }
        return conclude(id, .finished(.none, on: []), at: now)
    }

    /// The engine gave up: the job sounds to the end of what exists and fails then; at once if nothing exists.
    package mutating func broke(_ id: JobID, _ error: SynthesisError, at now: Duration) -> [Action] {
        guard queue[id] != nil || sounding[id] != nil else { return [] }
        broken[id] = error
        let hasNothing = queue[id].map { !$0.hasAudio } ?? (sounding[id].map { $0.delivery == nil } ?? false)
        guard hasNothing else { return [] }
        return conclude(id, .failed(.engineFailed(error), at: .zero), at: now)
    }

    /// Ends every job that has no turn yet, since the server stops.
    package mutating func dismissWaiting(at now: Duration) -> [Action] {
        let waiting = queue.inOrder
        return waiting.flatMap { end($0.id, .failed(.serverStopping, at: $0.past.position)) }
    }

    /// Ends a job that sounds without waiting for anybody, since the server stops.
    package mutating func dismissSounding(_ id: JobID) -> [Action] {
        let position = sounding[id]?.delivery?.position ?? .zero
        return sounding[id] == nil ? [] : end(id, .failed(.serverStopping, at: position))
    }

    /// How far a job was heard, once somebody has confirmed it.
    package func position(of id: JobID) -> Duration? {
        guard let job = sounding[id], job.job.past.wasHeard else { return nil }
        return job.delivery?.position
    }

    /// Everything that has a turn now, with the listeners claimed for it.
    package var soundingJobs: [(id: JobID, session: SessionID, outputs: Set<OutputID>, listeners: [ListenerID])] {
        sounding.map { ($0.key, $0.value.job.session, $0.value.outputs, $0.value.delivery?.listeners ?? []) }
    }

    // MARK: Listeners

    /// Adds a listener, or replaces what is known of it.
    package mutating func attach(_ listener: FloorListener, at now: Duration) -> [Action] {
        var listener = listener
        listener.isReady = false
        listeners[listener.id] = listener
        return []
    }

    /// - Parameter lettingEnd: Whether a listener that is ready no more says what sounds there to its end.
    package mutating func setReady(
        _ isReady: Bool, _ id: ListenerID, lettingEnd: Bool = false, at now: Duration
    ) -> [Action] {
        guard let listener = listeners[id] else { return [] }
        if isReady, !listener.isReady {
            readyCount += 1
            listeners[id]?.readyNumber = readyCount
        }
        listeners[id]?.isReady = isReady
        let actions = isReady || lettingEnd ? [] : withdraw(jobsPlaying(on: id), from: id, at: now)
        return actions + walk(at: now)
    }

    /// Sets what a listener mutes; what sounds there and is muted now goes on elsewhere.
    package mutating func setTrim(_ trim: ListenerTrim, of id: ListenerID, at now: Duration) -> [Action] {
        guard let output = listeners[id]?.output else { return [] }
        listeners[id]?.trim = trim
        var actions: [Action] = []
        // Other pages of these loudspeakers too: what one of them mutes none of them sounds.
        for other in listeners.values.filter({ $0.output == output }).map(\.id).sorted() {
            let muted = jobsPlaying(on: other).filter { job in
                sounding[job].map { trim.mutes($0.job.voice, of: $0.job.session) } ?? false
            }
            actions += withdraw(muted, from: other, at: now)
        }
        return actions + walk(at: now)
    }

    private mutating func withdraw(_ jobs: [JobID], from id: ListenerID, at now: Duration) -> [Action] {
        var actions: [Action] = []
        for job in jobs {
            let decisions = sounding[job]?.delivery?.withdraw(id, at: now) ?? []
            actions += apply(decisions, to: job, at: now)
        }
        return actions
    }

    package mutating func setRoundTrip(_ roundTrip: Duration, of id: ListenerID) {
        listeners[id]?.roundTrip = roundTrip
    }

    /// Removes a listener; what it played is `gone` there.
    package mutating func detach(_ id: ListenerID, at now: Duration) -> [Action] {
        guard listeners.removeValue(forKey: id) != nil else { return [] }
        return jobsPlaying(on: id).flatMap { report(.gone, of: $0, from: id, at: now) } + walk(at: now)
    }

    /// A listener whose connection was cut is back.
    ///
    /// - Returns: Nil when its job does not wait for it any more.
    package mutating func resume(_ id: ListenerID, _ resumption: Resumption, at now: Duration) -> [Action]? {
        guard sounding[resumption.job]?.delivery?.resume(id, at: now) == true else { return nil }
        return [.resume(resumption.job, on: id, from: resumption.received)]
    }

    package mutating func report(
        _ report: PlaybackReport, of job: JobID, from id: ListenerID, at now: Duration
    ) -> [Action] {
        guard sounding[job]?.delivery != nil else {
            return report.isLast ? [] : [.flush(job, on: id)]
        }
        let decisions = sounding[job]?.delivery?.report(report, from: id, at: now) ?? []
        let actions = apply(decisions, to: job, at: now)
        noticeSilence(of: job, at: now)
        return actions
    }

    private func jobsPlaying(on id: ListenerID) -> [JobID] {
        sounding.filter { $0.value.delivery?.listeners.contains(id) == true }.keys.sorted()
    }

    // MARK: Time

    /// When `tick` must be called next; nil for not before the next input.
    package func nextDeadline(after now: Duration) -> Duration? {
        var next = [brakes.nextDeadline, nextDrought].compactMap { $0 }.min()
        func note(_ deadline: Duration) { next = min(next ?? deadline, deadline) }
        for job in sounding.values { if let deadline = job.delivery?.nextDeadline { note(deadline) } }
        for job in queue.unordered {
            if let since = job.heldSince, since + job.expiresIn > now { note(since + job.expiresIn) }
            guard !job.hasAudio, let since = job.turnCameAt, since + Self.audioPatience > now else { continue }
            note(since + Self.audioPatience)
        }
        return next
    }

    package mutating func tick(at now: Duration) -> [Action] {
        var actions: [Action] = []
        brakes.expire(at: now)
        for id in sounding.keys.sorted() {
            let decisions = sounding[id]?.delivery?.tick(at: now) ?? []
            actions += apply(decisions, to: id, at: now)
        }
        actions += endDroughts(at: now)
        return actions + walk(at: now)
    }
}
