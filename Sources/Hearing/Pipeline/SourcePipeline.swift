package import Flow
package import VoiceCore

/// One source's way from audio to text: heard, cut into utterances, read, told.
package final class SourcePipeline: Sendable {
    /// What all sources share.
    package struct Surroundings: Sendable {
        package let transcribers: TranscriberRoster
        package let detector: any SpeechDetector
        package let helpers: HearingHelpers
        package let events: Broadcast<Event>
        package let timeline: Timeline
        package let log: Log
        let load = HearingLoad()
        let counters = HearingCounters()
        let groups: SourceGroups
        /// What was taken back, of which nothing is read again.
        let forgotten: ForgottenSpeech
        /// Takes each utterance of a source that records, with its place in the source, before its text is told.
        package typealias Recorded = @Sendable (UtteranceID, Duration, UtteranceAudio) -> Void

        /// Where utterances go that are to be kept.
        package let recorded: Recorded
        /// What a recogniser is to find out about the sound of a source; nil for nothing.
        package let orders: @Sendable (SourceDescription) -> OrderQuestion?
        /// Awaited before the end of a source is told.
        package let ending: @Sendable (SourceID) async -> Void

        package init(
            transcribers: TranscriberRoster, detector: any SpeechDetector, events: Broadcast<Event>,
            timeline: Timeline, log: Log, helpers: HearingHelpers = HearingHelpers(),
            forgotten: ForgottenSpeech = ForgottenSpeech(),
            recorded: @escaping Recorded = { _, _, _ in },
            orders: @escaping @Sendable (SourceDescription) -> OrderQuestion? = { _ in nil },
            ending: @escaping @Sendable (SourceID) async -> Void = { _ in }
        ) {
            self.recorded = recorded
            self.forgotten = forgotten
            self.orders = orders
            self.ending = ending
            self.transcribers = transcribers
            self.detector = detector
            self.helpers = helpers
            self.events = events
            self.timeline = timeline
            self.log = log
            groups = SourceGroups(events: events, forgotten: forgotten, timeline: timeline)
        }
    }

    private struct State: Sendable {
        var description: SourceDescription
        var reason = SourcePipeline.closed
        var lastArrival = Duration.zero
    }

    /// PROTOCOL.md, section 4: an utterance whose source sends nothing is finished as it is after so long.
    private static let patience = Duration.seconds(30)
    /// Why a source ended that its client or an operator closed.
    static let closed = "closed"
    /// More than can end within `LagRule.limit` at the pace at which a source is heard.
    private static let lineLength = 256

    private let surroundings: Surroundings
    private let state: Monitor<State>
    private let inbox: SourceInbox
    private let line = Channel<HeardUtterance>(capacity: SourcePipeline.lineLength)
    private let revisions = Channel<Revision>(capacity: Revision.waitingLimit)
    private let backlog = Backlog()
    /// Tells the client what to do about the lag.
    private let control: @Sendable (SourcePipeline, LagRule.Action) -> Void
    /// Told how far the source was understood.
    private let understood: @Sendable (Duration) -> Void

    init(
        _ description: SourceDescription, in surroundings: Surroundings,
        control: @escaping @Sendable (SourcePipeline, LagRule.Action) -> Void,
        understood: @escaping @Sendable (Duration) -> Void
    ) {
        self.surroundings = surroundings
        state = Monitor(State(description: description))
        inbox = SourceInbox(description.format)
        self.control = control
        self.understood = understood
    }

    var description: SourceDescription { state.withLock { $0.description } }

    /// Takes a frame that came just now; what comes while it pauses is left out.
    func take(timestamp: UInt32, payload: [UInt8], sampleCount: Int) {
        let now = surroundings.timeline.now
        let isPaused = state.withLock { state in
            state.lastArrival = now
            return state.description.isPaused
        }
        if isPaused { return }
        inbox.add(SourceFrame(timestamp: timestamp, payload: payload, sampleCount: sampleCount, arrivedAt: now))
    }

    /// Changes what is known of the source; tells it if that is anything.
    func update(_ change: (inout SourceDescription) -> Void) {
        let (before, after) = state.withLock { state in
            let before = state.description
            change(&state.description)
            return (before, state.description)
        }
        guard before != after else { return }
        if after.isPaused, !before.isPaused { inbox.flush() }
        tell(nil, .sourceUpdated(after))
    }

    /// Ends the utterance under way.
    func flush() { inbox.flush() }

    /// Ends the source once all that came is understood; `run` returns then.
    func finish(reason: String) {
        state.withLock { $0.reason = reason }
        inbox.finish()
    }

    /// Works until the source is finished; when cancelled, what has no text yet is told as failed.
    ///
    /// - Parameter position: From where on its audio is not known; nil for a new source.
    /// - Returns: Why it ended.
    func run(from position: Duration?) async -> String {
        tell(nil, .sourceStarted(description))
        await withTaskGroup(of: Void.self) { watching in
            watching.addTask { await self.watch() }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.listen(from: position) }
                group.addTask { await self.read() }
                group.addTask { await self.revise() }
            }
            watching.cancelAll()
        }
        for utterance in line.drain() {
            tell(utterance, .transcriptFailed(code: UtteranceReader.Fault.serverStopping.rawValue))
            surroundings.groups.end(utterance, of: description)
        }
        surroundings.load.note(.zero, of: description.id)
        let reason = state.withLock { $0.reason }
        await surroundings.ending(description.id)
        tell(nil, .sourceStopped(reason: reason))
        return reason
    }

    private func tell(
        _ utterance: HeardUtterance?, _ body: Event.Body, unless isForgotten: () -> Bool = { false }
    ) {
        let description = description
        surroundings.counters.count(body)
        var event = Event(body, session: description.session, source: description.id, utterance: utterance?.id)
        event.isRelayed = description.role == .relay
        guard let utterance, case .transcriptFinal(let said) = body else {
            return surroundings.events.publish(event: event, unless: isForgotten)
        }
        let mark = surroundings.forgotten.mark(of: description.session)
        surroundings.events.publish(event: event, unless: isForgotten)
        surroundings.groups.add(said.transcript.text, as: utterance, of: description, since: mark)
    }

    // MARK: Hearing

    private func listen(from position: Duration?) async {
        do {
            try await hear(from: position)
        } catch {
            surroundings.log.error("source.failed", ["source": description.id.rawValue, "error": "\(error)"])
            state.withLock { $0.reason = "failed" }
            inbox.finish()
        }
        line.finish()
    }

    private func hear(from position: Duration?) async throws {
        let timeline = surroundings.timeline
        var detection = description.detection
        var ear = try SourceEar(
            description.format, detector: surroundings.detector, rules: SegmentRules(detection), from: position)
        var pace = HearingPace()
        var reducesNoise = false
        while let item = await inbox.next() {
            let wanted = description.detection
            if wanted != detection {
                detection = wanted
                ear.change(SegmentRules(detection))
            }
            if description.reducesNoise != reducesNoise {
                reducesNoise.toggle()
                take(try await ear.use(reducesNoise ? surroundings.helpers.noiseReducer?.openStream() : nil))
            }
            switch item {
            case .flush: take(try await ear.flush(at: timeline.now))
            case .frame(let frame):
                let length = description.format.duration(of: frame.sampleCount)
                surroundings.counters.heard(length)
                let pause = pace.take(length, at: timeline.now)
                if pause > .zero { await timeline.sleep(until: timeline.now + pause) }
                take(try await ear.take(frame))
                if let level = ear.takeLevel() { tell(nil, .sourceLevel(level)) }
            }
        }
        take(try await ear.flush(at: timeline.now))
    }

    private func take(_ findings: [SourceEar.Finding]) {
        for finding in findings {
            switch finding {
            case .gap(let length): tell(nil, .sourceGap(length))
            case .speechStarted(let position, let late): tell(nil, .speechStarted(at: position, late: late))
            case .speechStopped(let position): tell(nil, .speechStopped(at: position))
            case .began(let utterance):
                if description.records { surroundings.recorded(utterance.id, utterance.start, utterance.audio) }
                surroundings.groups.begin(utterance, of: description)
                if backlog.add(utterance), line.offer(utterance) { continue }
                backlog.remove(utterance)
                tell(utterance, .transcriptFailed(code: UtteranceReader.Fault.overloaded.rawValue))
                surroundings.groups.end(utterance, of: description)
            case .ended: break
            }
        }
    }

    // MARK: Reading

    private func read() async {
        let reader = UtteranceReader(
            transcribers: surroundings.transcribers, timeline: surroundings.timeline,
            settings: { [self] in settings }, tell: { [self] in tell($0, $1) },
            reread: { [self] in _ = revisions.offer($0) },
            mark: { [self] in surroundings.forgotten.mark(of: description.session) }, helpers: surroundings.helpers,
            orders: { [self] in surroundings.orders(description) })
        await reader.run(line) { utterance in
            backlog.remove(utterance)
            surroundings.groups.end(utterance, of: description)
            // What was given up because the server stops is to come again.
            if !Task.isCancelled, let end = await utterance.waitForEnding()?.end { understood(end) }
        }
        revisions.finish()
    }

    /// How to read, at the moment.
    private var settings: RecognitionSettings {
        var settings = description.recognition
        if surroundings.load.shedding >= .partials {
            settings.partials = false
            surroundings.counters.withoutPartials.add()
        }
        return settings
    }

    private func revise() async {
        while let revision = await revisions.next() {
            guard surroundings.load.shedding < .secondReadings else {
                surroundings.counters.withoutRevision.add()
                continue
            }
            guard !isForgotten(revision), let better = await read(revision) else { continue }
            tell(revision.utterance, .transcriptRevised(better), unless: { isForgotten(revision) })
        }
    }

    private func isForgotten(_ revision: Revision) -> Bool {
        surroundings.forgotten.holds(revision.utterance.id, since: revision.mark)
    }

    /// Reads it again, until it is done or forgotten.
    private func read(_ revision: Revision) async -> UtteranceTranscript? {
        let surroundings = surroundings
        return await withTaskGroup(of: UtteranceTranscript?.self) { group in
            group.addTask { await revision.read(surroundings.timeline) }
            group.addTask {
                await surroundings.forgotten.wait(for: revision.utterance.id, since: revision.mark)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    // MARK: Watching

    /// Looks how far text is behind speech, and whether somebody who speaks still sends.
    private func watch() async {
        let timeline = surroundings.timeline
        var rule = LagRule()
        while await backlog.waitForUtterance() {
            await timeline.sleep(until: timeline.now + LagRule.interval)
            if Task.isCancelled { return }
            if timeline.now - state.withLock({ $0.lastArrival }) > Self.patience { inbox.flush() }
            let lag = backlog.lag(at: timeline.now)
            // Nobody waits for the text of a recording, so nobody need give anything up for it.
            let settings = description.recognition
            let isAwaited =
                settings.isSpare != true && (settings.patience ?? .zero) < RecognitionSettings.longestPatience
            surroundings.load.note(isAwaited ? lag : .zero, of: description.id)
            for action in rule.look(at: lag) {
                if case .tell(let lag) = action { tell(nil, .sourceLag(lag)) } else { control(self, action) }
            }
        }
    }
}

extension SegmentRules {
    /// The rules that a source asks for, as far as they can be kept.
    package init(_ settings: VoiceDetectionSettings) {
        self.init()
        if let threshold = settings.threshold { self.threshold = threshold }
        if let speech = settings.minimumSpeech { minimumSpeech = speech }
        if let silence = settings.silence { minimumSilence = silence }
        if let longest = settings.longest { self.longest = longest }
        if let pad = settings.pad { (preRoll, postRoll) = (pad, pad) }
        self = bounded
    }
}
