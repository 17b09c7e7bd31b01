import Flow
import Testing
import VoiceCore
import VoiceTesting

@testable import Speaking

/// Aborts of the whole dispatcher: engine, journal, events and listeners, on time that a test moves.
@Suite(.timeLimit(.minutes(1))) struct AbortTests {
    private static let grant = Grant(token: TokenID("tok_test"), scopes: .all)
    /// Two clauses.
    private static let text = String(
        repeating: "This sentence is about eighty characters long, give or take a few of them, yes. ", count: 2)

    /// How far a job has come when it is aborted.
    enum Moment: CaseIterable {
        case accepted, engineAsked, played, confirmed, nextClauseAsked, finished
    }

    /// A dispatcher with everything around it.
    private struct Stage {
        let time = ManualTimeline()
        let events = Broadcast<Event>()
        let engine = FakeEngine(.waits)
        let journal = MemoryJournal()
        let listener = FakeListener("lis_a")
        let dispatcher: Dispatcher

        init() {
            let sink = LogSink(level: .error, style: .logfmt) { _ in }
            dispatcher = Dispatcher(
                Dispatcher.Surroundings(
                    engines: engine, sessions: SessionRegistry(events: events, timeline: time.timeline),
                    events: events, journal: journal, timeline: time.timeline, log: Log(label: "test", sink: sink)))
        }

        /// Lets time pass until something is done.
        func pass(until isDone: Latch) async {
            while !isDone.isOpen {
                time.advance(by: .milliseconds(10))
                await Task.yield()
            }
        }

        /// Brings a job so far.
        func lead(_ job: JobID, to moment: Moment) async {
            if moment == .accepted { return }
            await engine.waitForClauses(1)
            if moment == .engineAsked { return }
            engine.allow()
            await listener.waitForPlay(of: job)
            if moment == .played { return }
            listener.report(.started(at: .zero), of: job)
            _ = await dispatcher.waitForStart(of: job)
            if moment == .confirmed { return }
            let take = await listener.waitForPlay(of: job)
            // A listener that reads: only then more is made.
            let reader = take?.reader(from: .zero)
            await engine.waitForClauses(2)
            if moment == .nextClauseAsked { return }
            engine.allow()
            while case .samples = await reader?.next(atMost: 48_000) { continue }
            listener.report(.finished(at: take?.duration ?? .zero), of: job)
            _ = await dispatcher.waitForEnd(of: job)
        }
    }

    @Test(arguments: Moment.allCases, [AbortScope.all, .current(session: .default, output: nil)])
    func `whenever a job is aborted, nothing of it is left`(moment: Moment, scope: AbortScope) async throws {
        let stage = Stage()
        let run = Task { try await stage.dispatcher.run() }
        _ = await stage.dispatcher.attach(stage.listener, .ready, resuming: nil)
        let request = SpeakRequest(text: Self.text, session: .default)
        let job = try await stage.dispatcher.speak(request, by: Self.grant).id
        await stage.lead(job, to: moment)
        let isOver = Latch()
        let isCurrent = ![.accepted, .engineAsked].contains(moment)
        let meant = scope == .all || isCurrent ? scope : .job(job)
        let abort = Task {
            defer { isOver.open() }
            return await stage.dispatcher.abort(meant, by: Self.grant)
        }
        await stage.pass(until: isOver)
        #expect(await abort.value == (moment == .finished ? [] : [job]))
        // Whatever still comes of it changes nothing.
        stage.engine.allow(2)
        stage.listener.report(.finished(at: .seconds(1)), of: job)
        #expect(await stage.dispatcher.floor.remembersNothing)
        #expect(await stage.dispatcher.ledger.livingIDs.isEmpty)
        let ends = stage.journal.notes(of: job).filter { if case .ended = $0 { true } else { false } }
        #expect(ends.count == 1)
        if moment != .finished {
            let isPlayed = stage.listener.orders.contains { if case .play = $0 { true } else { false } }
            #expect(stage.listener.orders.last == (isPlayed ? .flush(job) : nil))
        }
        if [.engineAsked, .nextClauseAsked].contains(moment) { await stage.engine.waitForCancel() }
        let isStopped = Latch()
        let stop = Task {
            defer { isStopped.open() }
            run.cancel()
            try await run.value
        }
        await stage.pass(until: isStopped)
        try await stop.value
    }

    @Test func `a job that was paused plays on from the start of its word, and old reports do not count`() async throws
    {
        let stage = Stage()
        stage.engine.set(.speaks)
        let run = Task { try await stage.dispatcher.run() }
        _ = await stage.dispatcher.attach(stage.listener, .ready, resuming: nil)
        let job = try await stage.dispatcher.speak(
            SpeakRequest(text: "one two three four", session: .default), by: Self.grant
        ).id
        await stage.listener.waitForPlay(of: job)
        stage.listener.report(.started(at: .zero), of: job)
        stage.listener.report(.progress(at: .milliseconds(60)), of: job)
        _ = await stage.dispatcher.waitForStart(of: job)
        let pause = QueueChange(brake: BrakeChange(subject: .everything, brake: .paused))
        #expect(await stage.dispatcher.setQueue(pause))
        _ = await stage.listener.waitForOrder { $0 == .flush(job) }
        stage.listener.report(.flushed(at: .milliseconds(60)), of: job)
        while await stage.dispatcher.job(job, visibleTo: Self.grant)?.phase != .held { await Task.yield() }
        #expect(await stage.dispatcher.queue(visibleTo: Self.grant).state.brake == .paused)
        let resume = QueueChange(brake: BrakeChange(subject: .everything, brake: nil))
        #expect(await stage.dispatcher.setQueue(resume))
        await stage.listener.waitForPlay(of: job, times: 2)
        // “two” begins 40 ms after the start.
        #expect(stage.listener.orders == [.play(job, from: .zero), .flush(job), .play(job, from: .milliseconds(40))])
        stage.listener.report(.started(at: .milliseconds(40)), of: job)
        stage.listener.report(.finished(at: .milliseconds(180)), of: job)
        guard case .finished(.confirmed, _, _) = await stage.dispatcher.waitForEnd(of: job)?.end else {
            Issue.record("it was not finished")
            return
        }
        let isStopped = Latch()
        let stop = Task {
            defer { isStopped.open() }
            run.cancel()
            try await run.value
        }
        await stage.pass(until: isStopped)
        try await stop.value
    }
}
