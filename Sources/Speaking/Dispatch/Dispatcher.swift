package import Flow
package import VoiceCore

/// Carries out what the floor decides: the one place where jobs meet engines and listeners.
///
/// Every input goes to the `Floor` value; the actions it returns are performed in order, and its next deadline sets the
/// alarm. One task makes each job's audio, one tells each listener what to do, one reads each listener's reports.
package actor Dispatcher: Service {
    /// PROTOCOL.md, section 5.7: how long sounding jobs may go on when the server stops.
    private static let drainLimit = Duration.seconds(5)

    /// How far back the words of a reading reach: a reader that missed one has those that still matter.
    static let wordMemory = Duration.seconds(5)

    /// What the dispatcher works with.
    package struct Surroundings: Sendable {
        let engines: any EngineCatalogue
        let sessions: SessionRegistry
        let events: Broadcast<Event>
        let timeline: Timeline
        let log: Log
        let pronunciations: PronunciationShelf
        let limits: SpeakingLimits

        package init(
            engines: any EngineCatalogue, sessions: SessionRegistry, events: Broadcast<Event>, timeline: Timeline,
            log: Log, pronunciations: PronunciationShelf = PronunciationShelf(),
            limits: SpeakingLimits = SpeakingLimits()
        ) {
            self.engines = engines
            self.sessions = sessions
            self.events = events
            self.timeline = timeline
            self.log = log
            self.pronunciations = pronunciations
            self.limits = limits
        }
    }

    let surroundings: Surroundings
    let tasks = TaskPool()
    var floor = Floor()
    var ledger = JobLedger()
    var roster = ListenerRoster()
    /// What became of jobs, for whoever watches the server.
    package nonisolated let counters = SpeakingCounters()
    private let alarm: Alarm
    private var isStopping = false

    package init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        alarm = Alarm(timeline: surroundings.timeline)
    }

    /// The dictionary that jobs are spoken with.
    package nonisolated var pronunciations: PronunciationShelf { surroundings.pronunciations }

    var now: Duration { surroundings.timeline.now }

    /// Works until cancelled; then lets sounding jobs end for at most 5 s.
    package func run() async throws {
        while !Task.isCancelled {
            await alarm.wait()
            if !Task.isCancelled { perform(floor.tick(at: now)) }
        }
        await tasks.start { await self.drain() }.wait()
        await tasks.stop()
    }

    private func drain() async {
        isStopping = true
        surroundings.events.publish(event: Event(.serverStopping))
        perform(floor.dismissWaiting(at: now))
        let end = now + Self.drainLimit
        let living = ledger.livingIDs.compactMap { ledger[$0]?.ended }
        let ticking = tasks.start {
            while !Task.isCancelled {
                await self.alarm.wait()
                await self.tick()
            }
        }
        for latch in living {
            let remaining = max(.zero, end - now)
            _ = await surroundings.timeline.limit(remaining) { await latch.wait() }
        }
        ticking.cancel()
        for id in ledger.livingIDs { perform(floor.dismissSounding(id)) }
    }

    private func tick() {
        perform(floor.tick(at: now))
    }

    // MARK: Requests

    /// Accepts a job; answers as soon as it has its place in the queue.
    package func speak(_ request: SpeakRequest, by grant: Grant) async throws(SpeakRefusal) -> JobStatus {
        try check(request)
        guard grant.covers(request.session), let session = await surroundings.sessions.info(request.session) else {
            throw .unknownSession(request.session)
        }
        let voice = try await voice(for: request, in: session)
        guard let synthesizer = await surroundings.engines.synthesizer(for: voice) else { throw .unknownVoice(voice) }
        guard !isStopping else { throw .serverStopping }
        let plan = try plan(for: request, in: session, by: grant)
        await surroundings.sessions.touch(request.session)
        // Nothing waits from here to the ledger, so that many requests at once cannot pass the limit together.
        try checkRoom(for: request.session)
        interrupt(for: request, by: grant)
        let id = JobID.random()
        let status = JobStatus(
            id: id, session: request.session, text: request.text, voice: voice, acceptedAt: .now(), phase: .queued)
        ledger.add(JobRecord(request: request, synthesizer: synthesizer, acceptedAt: now, status: status))
        let job = WaitingJob(
            id: id, session: request.session, priority: request.priority, route: plan, expiresIn: request.expiresIn)
        counters.accepted.add()
        let actions = floor.add(job, at: now)
        announceQueued(id)
        perform(actions)
        return self.status(id) ?? status
    }

    private func voice(for request: SpeakRequest, in session: SessionInfo) async throws(SpeakRefusal) -> String {
        if let voice = request.voice { return voice }
        let voice = await surroundings.engines.voice(speaking: request.language, preferring: session.voice)
        guard let voice else { throw .unknownLanguage(request.language ?? "") }
        return voice
    }

    private func checkRoom(for session: SessionID) throws(SpeakRefusal) {
        let limits = surroundings.limits
        guard ledger.livingCount < limits.jobs else { throw .tooManyJobs(limit: limits.jobs) }
        guard ledger.livingCount(of: session) < limits.jobsPerSession else {
            throw .tooManyJobsOfSession(limit: limits.jobsPerSession)
        }
    }

    private nonisolated func check(_ request: SpeakRequest) throws(SpeakRefusal) {
        guard request.text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { throw .emptyText }
        let byteCount = request.text.utf8.count
        let limit = surroundings.limits.textBytes
        guard byteCount <= limit else { throw .textTooLong(byteCount: byteCount, limit: limit) }
    }

    private func plan(
        for request: SpeakRequest, in session: SessionInfo, by grant: Grant
    ) throws(SpeakRefusal) -> RoutePlan {
        if request.isPrivate { return .firstOf([.session]) }
        switch request.delivery {
        case .auto:
            return .firstOf(session.steps)
        case .none:
            return .nowhere
        case .all:
            guard grant.allows(.control) else { throw .notAllowed(scope: "control") }
            return .allOf([.session, .any, .local])
        case .steps(let steps):
            guard grant.isBound || !grant.allows(.control) else { return .firstOf(steps) }
            return .firstOf(try steps.map { step throws(SpeakRefusal) in try own(step, of: session.id, by: grant) })
        }
    }

    /// A listener of another session is reached only with `control`; for a bound token there is none.
    private func own(
        _ step: RouteStep, of session: SessionID, by grant: Grant
    ) throws(SpeakRefusal) -> RouteStep {
        guard case .listener(let id) = step else { return step }
        if !grant.isBound, let scope = roster[id]?.listener.description.scope, scope != .session(session) {
            throw .notAllowed(scope: "control")
        }
        return .ownListener(id)
    }

    private func interrupt(for request: SpeakRequest, by grant: Grant) {
        let scope: AbortScope
        switch request.interruption {
        case .none: return
        case .session: scope = .session(request.session)
        case .output: scope = .current(session: request.session, output: nil)
        case .all: scope = .all
        }
        for id in jobs(in: scope, by: grant) { abort(id, .interrupted) }
    }

    private func announceQueued(_ id: JobID) {
        guard let status = status(id), let record = ledger[id] else { return }
        publish(
            .jobQueued(
                position: status.position ?? 0, estimatedWait: status.estimatedWait ?? .zero,
                preview: String(record.request.text.prefix(80))),
            id, record)
    }

    /// Ends jobs early.
    ///
    /// - Returns: Those that it ended, after their listeners fell silent: at latest after 150 ms.
    package func abort(_ scope: AbortScope, by grant: Grant) async -> [JobID] {
        let ids = jobs(in: scope, by: grant)
        let latches = ids.compactMap { ledger[$0]?.ended }
        for id in ids { abort(id, .requested) }
        for latch in latches { await latch.wait() }
        return ids.filter { id in
            if case .aborted = ledger.status(id)?.end { true } else { false }
        }
    }

    private func abort(_ id: JobID, _ reason: AbortReason) {
        ledger[id]?.synthesis?.cancel()
        perform(floor.abort(id, reason, at: now))
    }

    /// The living jobs an abort means, as far as the token covers them.
    private func jobs(in scope: AbortScope, by grant: Grant) -> [JobID] {
        let living = ledger.livingIDs.filter { id in
            floor.isAlive(id) && grant.covers(ledger[id]?.request.session ?? .default)
        }.sorted()
        switch scope {
        case .job(let id): return living.filter { $0 == id }
        case .session(let session): return living.filter { ledger[$0]?.request.session == session }
        case .all: return living
        case .output(let output), .current(_, let output?):
            return living.filter { $0 == floor.jobSounding(on: output) }
        case .current(let session, nil):
            let sounding = Set(floor.soundingJobs.filter { $0.session == session }.map(\.id))
            return living.filter { sounding.contains($0) }
        }
    }

    // MARK: Questions

    /// Ended jobs by their end, then what sounds, then what waits in its order.
    package func jobs(visibleTo grant: Grant) -> [JobStatus] {
        let places = places()
        return ledger.all.filter { grant.covers($0.session) }
            .map { placed($0, places) }
            .enumerated()
            .sorted { ($0.element.position ?? -1, $0.offset) < ($1.element.position ?? -1, $1.offset) }
            .map(\.element)
    }

    package func job(_ id: JobID, visibleTo grant: Grant) -> JobStatus? {
        guard let status = status(id), grant.covers(status.session) else { return nil }
        return status
    }

    package func listeners(visibleTo grant: Grant) -> [ListenerStatus] {
        let playing = Dictionary(
            floor.soundingJobs.flatMap { job in job.listeners.map { ($0, job.id) } },
            uniquingKeysWith: { first, _ in first })
        return roster.all.filter { isVisible($0.listener.description, to: grant) }.map { entry in
            ListenerStatus(
                description: entry.listener.description, readiness: entry.readiness, roundTrip: entry.roundTrip,
                job: playing[entry.listener.description.id])
        }
    }

    /// How many jobs and listeners there are now.
    package func census() -> SpeakingCensus {
        let ready = roster.count(where: \.isReady)
        return SpeakingCensus(
            waiting: floor.queue.count, sounding: floor.soundingJobs.count, readyListeners: ready,
            otherListeners: roster.count { _ in true } - ready)
    }

    private func isVisible(_ description: ListenerDescription, to grant: Grant) -> Bool {
        switch description.scope {
        case .session(let session): grant.covers(session)
        case .everyone: description.grantSession.map(grant.covers) ?? !grant.isBound
        }
    }

    /// Returns at the job's first confirmation or its end; nil when cancelled or unknown.
    package func waitForStart(of id: JobID) async -> JobStatus? {
        if let latch = ledger[id]?.startedOrEnded, await !latch.wait() { return nil }
        return status(id)
    }

    /// Returns at the job's end; nil when cancelled or unknown.
    package func waitForEnd(of id: JobID) async -> JobStatus? {
        if let latch = ledger[id]?.ended, await !latch.wait() { return nil }
        return status(id)
    }

    func status(_ id: JobID) -> JobStatus? {
        ledger.status(id).map { placed($0, places()) }
    }

    /// Position and wait of every job that has not ended.
    private func places() -> [JobID: (position: Int, wait: Duration)] {
        var places: [JobID: (position: Int, wait: Duration)] = [:]
        var wait = Duration.zero
        for job in floor.soundingJobs {
            places[job.id] = (0, .zero)
            wait = max(wait, ledger[job.id].map { estimatedDuration($0.request) } ?? .zero)
        }
        for (index, job) in floor.queue.inOrder(at: now).enumerated() {
            places[job.id] = (index + 1, wait)
            wait += ledger[job.id].map { estimatedDuration($0.request) } ?? .zero
        }
        return places
    }

    private func placed(_ status: JobStatus, _ places: [JobID: (position: Int, wait: Duration)]) -> JobStatus {
        guard status.end == nil, let place = places[status.id] else { return status }
        var status = status
        status.position = place.position
        status.estimatedWait = place.wait
        return status
    }

    /// Read English takes about 65 ms a character.
    ///
    /// Measured: flite slt, Benchmarks/results.md.
    private nonisolated func estimatedDuration(_ request: SpeakRequest) -> Duration {
        .milliseconds(65) * Double(request.text.unicodeScalars.count) / request.speed
    }

    /// Sets the alarm to the floor's next deadline; after every change of it.
    func setAlarm() {
        alarm.set(floor.nextDeadline(after: now))
    }

    func publish(_ body: Event.Body, _ id: JobID, _ record: JobRecord) {
        let fallback: Fallback? =
            switch body {
            case .jobStarted, .jobEnded: record.status.fallback
            default: nil
            }
        surroundings.events.publish(
            event: Event(body, session: record.request.session, job: id, fallback: fallback))
    }
}
