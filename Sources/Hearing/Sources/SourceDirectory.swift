internal import Flow
package import VoiceCore

/// All sources of the server: opened, taken up again after an outage, ended by hand, by time or with the server.
package actor SourceDirectory: Service {
    /// PROTOCOL.md, section 4: how long a source waits for a client that was cut off.
    private static let absence = Duration.seconds(30)
    /// How long utterances may take to be finished when the server stops; the sound has 5 s after that.
    private static let farewell = Duration.seconds(4)

    private static let sessionEnded = "session_ended"
    /// After these nobody comes back to the source.
    private static let finalReasons = [SourcePipeline.closed, sessionEnded, replaced]
    /// Another source began under its name.
    private static let replaced = "replaced"
    /// The source goes on, with another client.
    private static let takenUp = "taken_up"

    private struct Seat {
        let intake: SourceIntake
        let task: TaskPool.Handle
        /// What its client asked for last.
        var request: SourceRequest
        /// Nil while the client is away.
        var link: (any SourceLink)?
        var leftAt: Duration?
        /// Whether text is so late that the client is to send slowly.
        var isSlow = false
        /// Whether the client knows that.
        var isToldSlow = false

        var pipeline: SourcePipeline { intake.pipeline }
    }

    /// A source that was closed, whose last words are still being read.
    private struct Leaving {
        let pipeline: SourcePipeline
        let task: TaskPool.Handle
        /// Whether nobody comes back to it.
        let isFinal: Bool
    }

    private let surroundings: SourcePipeline.Surroundings
    private let sessions: SessionRegistry
    private let marks: any SourceMarks
    private let limits: SourceLimits
    private let pool = TaskPool()
    private let alarm: Alarm
    private var seats: [SourceID: Seat] = [:]
    private var leaving: [Leaving] = []
    private var isStopping = false

    package init(
        _ surroundings: SourcePipeline.Surroundings, sessions: SessionRegistry, marks: any SourceMarks = NoMarks(),
        limits: SourceLimits
    ) {
        self.surroundings = surroundings
        self.sessions = sessions
        self.marks = marks
        self.limits = limits
        alarm = Alarm(timeline: surroundings.timeline)
    }

    /// Ends sources whose client or session is gone, until cancelled; then finishes what is being said.
    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.endAbsent() }
            group.addTask { await self.endWithSessions() }
            group.addTask { [surroundings] in await surroundings.groups.run() }
        }
        // A task of its own, since this one is cancelled; ended by the wait for it.
        await Task { await self.sayFarewell() }.value
    }

    /// What the engines that can hear are doing.
    package nonisolated var engines: [EngineState] { surroundings.transcribers.states + surroundings.helpers.states }

    /// Engines that could hear, with the reason why they do not.
    package nonisolated var absentEngines: [EngineState] { surroundings.transcribers.absentStates }

    /// Who reads where nobody is named, and who should.
    package nonisolated var usualRecogniser: (name: String?, missing: String?) {
        (surroundings.transcribers.names.first, surroundings.transcribers.missing)
    }

    /// What tells speech from everything else.
    package nonisolated var detector: any SpeechDetector { surroundings.detector }

    /// What was heard since the server began.
    package nonisolated var counters: HearingCounters { surroundings.counters }

    package func census() -> HearingCensus {
        let absent = seats.values.count { $0.link == nil }
        return HearingCensus(
            connected: seats.count - absent, absent: absent, ending: leaving.count, lag: surroundings.load.lag)
    }

    /// By name; only those that exist for the grant.
    package func list(visibleTo grant: Grant) -> [SourceDescription] {
        seats.values.map(\.pipeline.description).filter { grant.covers($0.session) }.sorted { $0.id < $1.id }
    }

    /// The description of a source that exists for the grant.
    package func source(_ id: SourceID, visibleTo grant: Grant) throws(SourceRefusal) -> SourceDescription {
        guard let description = seats[id]?.pipeline.description, grant.covers(description.session) else {
            throw .unknownSource
        }
        return description
    }

    /// Whether a token has opened a source that is heard.
    package func isOpened(_ id: SourceID, by token: TokenID) -> Bool { seats[id]?.request.token == token }

    /// How speech of a source is found; nil for one that has ended.
    package func detection(of id: SourceID) -> VoiceDetectionSettings? {
        seats[id]?.pipeline.description.detection
    }

    // MARK: Opening

    /// Opens a source, or takes up the one of that name.
    package func open(_ request: SourceRequest, over link: any SourceLink) async throws(SourceRefusal) -> OpenedSource {
        if isStopping { throw .serverStopping }
        try checks.check(request.recognition)
        try checks.check(reducesNoise: request.reducesNoise)
        if let id = request.id {
            let mark = await marks.mark(of: id)
            if request.beginsAnew { return try beginAnew(request, id, mark, link) }
            if let seat = seats[id] { return try takeUp(seat, request, link) }
            guard mark == nil || (mark?.token == request.token && mark?.session == request.session) else {
                throw .unknownSource
            }
            // Whoever closed it begins anew, also while its last words are being read.
            let isOver = lastLeaving(id)?.isFinal ?? false
            try checkLimits(for: request)
            return begin(request, id, from: isOver ? nil : mark?.position, goesOn: !isOver, link)
        }
        try checkLimits(for: request)
        return begin(request, .random(), from: nil, link)
    }

    private func takeUp(
        _ seat: Seat, _ request: SourceRequest, _ link: any SourceLink
    ) throws(SourceRefusal) -> OpenedSource {
        guard seat.request.token == request.token else { throw .unknownSource }
        let running = seat.pipeline.description
        guard running.format == request.format, running.session == request.session else { throw .differs }
        if seat.link !== link { tell(running.id, .stop(reason: Self.takenUp)) }
        seat.intake.belong(to: link)
        let asked = seat.request
        seat.pipeline.update { $0.take(request, insteadOf: asked) }
        var taken = seat
        (taken.request, taken.link, taken.leftAt, taken.isToldSlow) = (request, link, nil, false)
        seats[running.id] = taken
        setAlarm()
        if running.isPaused { tell(running.id, .pause) } else { tellPace(of: running.id) }
        return OpenedSource(
            id: running.id, intake: seat.intake, place: .next(sequence: seat.intake.nextSequence),
            isPaused: running.isPaused)
    }

    /// Opens a source as if there had never been one of its name; one that runs is ended first.
    private func beginAnew(
        _ request: SourceRequest, _ id: SourceID, _ mark: SourceMark?, _ link: any SourceLink
    ) throws(SourceRefusal) -> OpenedSource {
        let owner = seats[id]?.request.token ?? mark?.token
        guard owner == nil || owner == request.token else { throw .unknownSource }
        if let seat = seats[id] {
            try checkLimits(for: request, replacing: 1)
            if seat.link !== link { tell(id, .stop(reason: Self.replaced)) }
            end(id, reason: Self.replaced)
            marks.forget(id)
            return begin(request, id, from: nil, link)
        }
        try checkLimits(for: request)
        marks.forget(id)
        return begin(request, id, from: nil, link)
    }

    /// - Parameter count: How many of those that live are about to make room for it.
    private func checkLimits(for request: SourceRequest, replacing count: Int = 0) throws(SourceRefusal) {
        if isStopping { throw .serverStopping }
        let living = (seats.values.map(\.pipeline) + leaving.map(\.pipeline)).map(\.description)
        guard living.count - count < limits.sources else { throw .tooMany(limit: limits.sources) }
        guard living.count(where: { $0.session == request.session }) - count < limits.sourcesPerSession else {
            throw .tooManyOfSession(limit: limits.sourcesPerSession)
        }
    }

    /// - Parameter goesOn: Whether it is the one of that name that was lost, or a new one.
    private func begin(
        _ request: SourceRequest, _ id: SourceID, from position: Duration?, goesOn: Bool = false, _ link: any SourceLink
    ) -> OpenedSource {
        var description = SourceDescription(
            id: id, session: request.session, format: request.format, role: request.role,
            detection: request.detection, recognition: request.recognition)
        (description.group, description.speaker) = (request.group, request.speaker)
        description.records = request.records
        description.reducesNoise = request.reducesNoise
        let pipeline = makePipeline(description, token: request.token)
        let intake = SourceIntake(pipeline, timeline: surroundings.timeline)
        intake.belong(to: link)
        // One name is one source at a time, so that nobody mistakes the words of one for those of the other.
        let before = lastLeaving(id)?.task
        let task = pool.start { [sessions, marks] in
            await sessions.beginSource(of: request.session)
            var position = position
            if let before {
                await before.wait()
                await self.goOn(pipeline)
                // What the one before has said late is nothing of this one.
                if !goesOn { marks.forget(id) }
                // What was still being read when its client came back has its text now, and is not read again.
                if goesOn, let mark = await marks.mark(of: id) { position = max(position ?? .zero, mark.position) }
            }
            let reason = await pipeline.run(from: position)
            // A session of that name that was begun since is another one.
            if reason != Self.sessionEnded { await sessions.endSource(of: request.session) }
            await self.ended(pipeline, reason)
        }
        // What is sent before it begins waits, and there is room for 30 s.
        seats[id] = Seat(intake: intake, task: task, request: request, link: link, isSlow: before != nil)
        tellPace(of: id)
        let isNamed = request.id != nil
        return OpenedSource(id: id, intake: intake, place: isNamed ? .from(position ?? .zero) : .next(sequence: 0))
    }

    private func lastLeaving(_ id: SourceID) -> Leaving? {
        leaving.last { $0.pipeline.description.id == id }
    }

    private func makePipeline(_ description: SourceDescription, token: TokenID) -> SourcePipeline {
        let marks = marks
        return SourcePipeline(
            description, in: surroundings,
            control: { pipeline, action in
                self.pool.start { await self.setSlow(action == .slowDown, pipeline) }
            },
            understood: { position in
                marks.keep(
                    SourceMark(
                        source: description.id, token: token, session: description.session, position: position))
            })
    }

    private var checks: WishCheck {
        WishCheck(transcribers: surroundings.transcribers, helpers: surroundings.helpers)
    }

    // MARK: Changing

    /// Takes other settings for a source.
    package func update(
        _ id: SourceID, _ detection: VoiceDetectionSettings?, _ recognition: RecognitionSettings?,
        records: Bool? = nil, reducesNoise: Bool? = nil
    ) throws(SourceRefusal) {
        guard let pipeline = seats[id]?.pipeline else { throw .unknownSource }
        if let recognition { try checks.check(recognition, changing: pipeline.description.recognition) }
        try checks.check(reducesNoise: reducesNoise ?? false)
        pipeline.update { description in
            if let detection { description.detection = description.detection.updated(by: detection) }
            if let records { description.records = records }
            if let reducesNoise { description.reducesNoise = reducesNoise }
            if let recognition { description.recognition = description.recognition.updated(by: recognition) }
        }
    }

    /// Lets a source pause or go on.
    ///
    /// - Parameter link: Of the one who asks; the source's own client is told if it is another.
    package func setPaused(_ isPaused: Bool, _ id: SourceID, by link: any SourceLink) throws(SourceRefusal) {
        guard let seat = seats[id] else { throw .unknownSource }
        seat.pipeline.update { $0.isPaused = isPaused }
        if seat.link !== link { tell(id, isPaused ? .pause : .resume) }
        tellPace(of: id)
    }

    /// One that has ended says nothing about the source that has its name now.
    private func setSlow(_ isSlow: Bool, _ pipeline: SourcePipeline) {
        let id = pipeline.description.id
        guard seats[id]?.pipeline === pipeline else { return }
        seats[id]?.isSlow = isSlow
        tellPace(of: id)
    }

    /// A source begins, now that the one of its name is over.
    private func goOn(_ pipeline: SourcePipeline) { setSlow(false, pipeline) }

    /// Tells a client how fast it may send, if that is news; one that pauses learns it when it goes on, since `resume`
    /// would end the pause.
    private func tellPace(of id: SourceID) {
        guard let seat = seats[id], !seat.pipeline.description.isPaused, seat.isSlow != seat.isToldSlow else { return }
        tell(id, seat.isSlow ? .slowDown : .resume)
    }

    /// Ends the utterance under way.
    package func flush(_ id: SourceID) throws(SourceRefusal) {
        guard let seat = seats[id] else { throw .unknownSource }
        seat.pipeline.flush()
    }

    /// Ends a source; `source.stopped` tells when all that was said is known.
    package func close(_ id: SourceID, by link: any SourceLink) throws(SourceRefusal) {
        guard let seat = seats[id] else { throw .unknownSource }
        if seat.link !== link { tell(id, .stop(reason: SourcePipeline.closed)) }
        end(id, reason: SourcePipeline.closed)
    }

    /// A client is gone; its sources wait for it a while.
    package func leave(_ link: any SourceLink) {
        for (id, seat) in seats where seat.link === link {
            seat.intake.belong(to: nil)
            seats[id]?.link = nil
            seats[id]?.leftAt = surroundings.timeline.now
        }
        setAlarm()
    }

    private func tell(_ id: SourceID, _ control: SourceControl) {
        seats[id]?.link?.control(id, control)
        switch control {
        case .slowDown: seats[id]?.isToldSlow = true
        case .resume: seats[id]?.isToldSlow = false
        case .pause, .stop: break
        }
    }

    // MARK: Ending

    private func end(_ id: SourceID, reason: String) {
        guard let seat = seats.removeValue(forKey: id) else { return }
        seat.intake.belong(to: nil)
        leaving.append(
            Leaving(pipeline: seat.pipeline, task: seat.task, isFinal: Self.finalReasons.contains(reason)))
        seat.pipeline.finish(reason: reason)
        setAlarm()
    }

    /// A pipeline has ended; by itself, unless its seat is free or taken by another.
    private func ended(_ pipeline: SourcePipeline, _ reason: String) {
        let id = pipeline.description.id
        leaving.removeAll { $0.pipeline === pipeline }
        if Self.finalReasons.contains(reason) { marks.forget(id) }
        guard let seat = seats[id], seat.pipeline === pipeline else { return }
        tell(id, .stop(reason: reason))
        seat.intake.belong(to: nil)
        seats[id] = nil
        setAlarm()
    }

    private func endAbsent() async {
        while !Task.isCancelled {
            await alarm.wait()
            let now = surroundings.timeline.now
            for (id, seat) in seats where seat.leftAt.map({ $0 + Self.absence <= now }) ?? false {
                end(id, reason: "lost")
            }
            setAlarm()
        }
    }

    private func setAlarm() {
        alarm.set(seats.values.compactMap { $0.leftAt.map { $0 + Self.absence } }.min())
    }

    private func endWithSessions() async {
        var cursor = surroundings.events.cursor { event in
            if case .sessionEnded = event.body { true } else { false }
        }
        while let item = await cursor.next() {
            guard case .fact(_, let event) = item else { continue }
            for (id, seat) in seats where seat.pipeline.description.session == event.session {
                tell(id, .stop(reason: Self.sessionEnded))
                end(id, reason: Self.sessionEnded)
            }
        }
    }

    /// Finishes what is being said, for as long as there is time; what then has no text is told as failed.
    private func sayFarewell() async {
        isStopping = true
        for id in seats.keys { end(id, reason: "server_stopping") }
        let pool = pool
        _ = await surroundings.timeline.limit(Self.farewell) {
            await pool.waitUntilEmpty() ? true : nil
        }
        await pool.stop()
    }
}

extension SourceDescription {
    /// Takes the settings in which a client's wishes differ from those of before; what others changed since stays.
    fileprivate mutating func take(_ request: SourceRequest, insteadOf before: SourceRequest) {
        if request.detection != before.detection { detection = request.detection }
        if request.recognition != before.recognition { recognition = request.recognition }
        if request.records != before.records { records = request.records }
        if request.reducesNoise != before.reducesNoise { reducesNoise = request.reducesNoise }
        if request.speaker != before.speaker { speaker = request.speaker }
    }
}
