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
        let journal: any JobJournal
        let timeline: Timeline
        let log: Log
        let pronunciations: PronunciationShelf
        let loudness: LoudnessBook
        let limits: SpeakingLimits
        /// Whose turn is next, until somebody changes it.
        let policy: TurnPolicy

        package init(
            engines: any EngineCatalogue, sessions: SessionRegistry, events: Broadcast<Event>,
            journal: any JobJournal = NoJournal(), timeline: Timeline, log: Log,
            pronunciations: PronunciationShelf = PronunciationShelf(), loudness: LoudnessBook = LoudnessBook(),
            limits: SpeakingLimits = SpeakingLimits(), policy: TurnPolicy = .roundRobin
        ) {
            self.engines = engines
            self.sessions = sessions
            self.events = events
            self.journal = journal
            self.timeline = timeline
            self.log = log
            self.pronunciations = pronunciations
            self.loudness = loudness
            self.limits = limits
            self.policy = policy
        }
    }

    let surroundings: Surroundings
    let tasks = TaskPool()
    var floor: Floor {
        didSet { knownPlaces = nil }
    }
    /// Of the floor as it is: of a thousand jobs that wait each is asked for more than once.
    private var knownPlaces: [JobID: Place]?
    /// What the floor decided and is not done yet; what follows from one action comes after those before it.
    var actions: [Floor.Action] = []
    var isPerforming = false
    /// What was told of the queue last.
    var toldQueue = QueueState(depth: 0)
    var ledger = JobLedger()
    var roster = ListenerRoster()
    /// What became of jobs, for whoever watches the server.
    package nonisolated let counters = SpeakingCounters()
    private let alarm: Alarm
    private var isStopping = false

    package init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        floor = Floor(policy: surroundings.policy)
        toldQueue.policy = surroundings.policy
        alarm = Alarm(timeline: surroundings.timeline)
    }

    /// The dictionary that jobs are spoken with.
    package nonisolated var pronunciations: PronunciationShelf { surroundings.pronunciations }

    /// What is known of how loud voices are.
    package nonisolated var loudness: LoudnessBook { surroundings.loudness }

    var now: Duration { surroundings.timeline.now }

    /// Works until cancelled; then lets sounding jobs end for at most 5 s.
    package func run() async throws {
        tasks.start { await self.followSessions() }
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
    ///
    /// The same request under the same key gives the job that is there.
    package func speak(_ request: SpeakRequest, by grant: Grant) async throws(SpeakRefusal) -> JobStatus {
        try check(request)
        if let known = try await known(request, by: grant) { return known }
        guard grant.covers(request.session), let session = await surroundings.sessions.info(request.session) else {
            throw .unknownSession(request.session)
        }
        let voice = try await voice(for: request, in: session)
        guard let synthesizer = await surroundings.engines.synthesizer(for: voice) else { throw .unknownVoice(voice) }
        if let refusal = refusal(for: request.session) { throw refusal }
        let plan = try plan(for: request, in: session, by: grant)
        let entry = JobEntry(
            id: .random(), token: grant.token, session: session, request: request, voice: voice, route: plan,
            acceptedAt: .now())
        if let known = try await claim(entry) { return known }
        await surroundings.sessions.beginJob(of: request.session)
        // Nothing waits from here to the ledger, so that many requests at once cannot pass the limit together.
        if let refusal = refusal(for: request.session) {
            await surroundings.sessions.endJob(of: request.session)
            await withdraw(entry)
            throw refusal
        }
        let ticket = request.key == nil ? surroundings.journal.take(JobNote(.accepted(entry), of: entry.id)) : 0
        enqueue(entry, synthesizer, by: grant)
        await surroundings.journal.wait(for: ticket, atMost: Self.journalPatience)
        return status(entry.id) ?? entry.status
    }

    /// Gives an accepted job its place in the queue.
    ///
    /// - Parameter grant: Whose jobs it may interrupt; nil for none.
    func enqueue(_ entry: JobEntry, _ synthesizer: any Synthesizer, by grant: Grant? = nil) {
        let request = entry.request
        var record = JobRecord(request: request, synthesizer: synthesizer, acceptedAt: now, status: entry.status)
        record.inflow = inflow(for: request)
        ledger.add(record)
        let job = WaitingJob(
            id: entry.id, session: request.session, priority: request.priority, voice: entry.voice,
            route: entry.route, expiresIn: request.expiresIn)
        counters.accepted.add()
        let actions = floor.add(
            job, interrupting: grant == nil ? .none : request.interruption,
            covering: { grant?.covers($0) == true }, at: now)
        announceQueued(entry.id)
        perform(actions)
    }

    private func voice(for request: SpeakRequest, in session: SessionInfo) async throws(SpeakRefusal) -> String {
        if let voice = request.voice { return voice }
        let voice = await surroundings.engines.voice(speaking: request.language, preferring: session.voice)
        guard let voice else { throw .unknownLanguage(request.language ?? "") }
        return voice
    }

    /// Why no job is taken now; nil if there is room.
    private func refusal(for session: SessionID) -> SpeakRefusal? {
        let limits = surroundings.limits
        if isStopping { return .serverStopping }
        if ledger.livingCount >= limits.jobs { return .tooManyJobs(limit: limits.jobs) }
        let isFull = ledger.livingCount(of: session) >= limits.jobsPerSession
        return isFull ? .tooManyJobsOfSession(limit: limits.jobsPerSession) : nil
    }

    private nonisolated func check(_ request: SpeakRequest) throws(SpeakRefusal) {
        let isEmpty = request.text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
        guard !isEmpty || request.isGrowing else { throw .emptyText }
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

    private func announceQueued(_ id: JobID) {
        guard let status = status(id), let record = ledger[id] else { return }
        publish(
            .jobQueued(
                position: status.position ?? 0, estimatedWait: status.estimatedWait ?? .zero,
                preview: TextPreview.of(record.request.text)),
            id, record)
    }

    /// Ends jobs early.
    ///
    /// - Returns: Those that it ended, after their listeners fell silent: at latest after 150 ms.
    package func abort(_ scope: AbortScope, by grant: Grant) async -> [JobID] {
        let ids = floor.jobs(in: scope).filter { floor.session(of: $0).map(grant.covers) == true }
        let latches = ids.compactMap { ledger[$0]?.ended }
        perform(floor.abort(ids, .requested, at: now))
        for latch in latches { await latch.wait() }
        return ids.filter { id in
            if case .aborted = ledger.status(id)?.end { true } else { false }
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
                description: entry.description, readiness: entry.readiness, roundTrip: entry.roundTrip,
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
        guard let status = ledger.status(id), status.end == nil else { return ledger.status(id) }
        return placed(status, places())
    }

    /// Position and wait of every job that has not ended, as they were when the floor changed last.
    func places() -> [JobID: Place] {
        if let knownPlaces { return knownPlaces }
        let places = floor.places(at: now, lasting: ledger.length)
        knownPlaces = places
        return places
    }

    func placed(_ status: JobStatus, _ places: [JobID: Place]) -> JobStatus {
        guard status.end == nil, let place = places[status.id] else { return status }
        var status = status
        status.position = place.position
        status.estimatedWait = place.wait
        return status
    }

    /// Sets the alarm to the floor's next deadline; after every change of it.
    func setAlarm() {
        alarm.set(floor.nextDeadline(after: now))
    }

    /// Tells how the queue stands, if that changed.
    func tellQueue() {
        let state = QueueState(
            depth: floor.queue.count, policy: floor.queue.policy, brake: floor.brakes[.everything]?.brake)
        guard state != toldQueue else { return }
        toldQueue = state
        surroundings.events.publish(event: Event(.queueChanged(state)))
    }

    func publish(_ body: Event.Body, _ id: JobID, _ record: JobRecord) {
        let fallback: Fallback? =
            switch body {
            case .jobStarted, .jobEnded: record.status.fallback
            default: nil
            }
        var voice: String?
        if case .jobStarted = body { voice = record.status.voice }
        surroundings.events.publish(
            event: Event(body, session: record.request.session, job: id, fallback: fallback, voice: voice))
    }
}
