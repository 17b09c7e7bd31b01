import Flow
import Testing
import VoiceCore
import VoiceTesting

@testable import Speaking

/// The dispatcher with a fake engine, fake listeners and time that stands still unless a test moves it.
@Suite(.timeLimit(.minutes(1))) struct DispatcherTests {
    private static let grant = Grant(token: TokenID("tok_test"), scopes: .all)

    /// A dispatcher that runs while `body` does.
    private func withDispatcher(
        _ mode: FakeEngine.Mode = .speaks, limits: SpeakingLimits = SpeakingLimits(),
        _ body: (Dispatcher, FakeEngine, Broadcast<Event>, ManualTimeline) async throws -> Void
    ) async throws {
        let time = ManualTimeline()
        let events = Broadcast<Event>()
        let engine = FakeEngine(mode)
        let sessions = SessionRegistry(events: events, timeline: time.timeline)
        let sink = LogSink(level: .error, style: .logfmt) { _ in }
        let dispatcher = Dispatcher(
            Dispatcher.Surroundings(
                engines: engine, sessions: sessions, events: events, timeline: time.timeline,
                log: Log(label: "test", sink: sink), limits: limits))
        try await body(dispatcher, engine, events, time)
    }

    private func request(_ text: String, _ change: (inout SpeakRequest) -> Void = { _ in }) -> SpeakRequest {
        var request = SpeakRequest(text: text, session: .default)
        change(&request)
        return request
    }

    /// Runs the dispatcher's clock beside `body`; what still sounds then is cut off by the orderly stop.
    private func running(
        _ dispatcher: Dispatcher, _ time: ManualTimeline, _ body: () async throws -> Void
    ) async throws {
        let isDone = Latch()
        let task = Task {
            try await dispatcher.run()
            isDone.open()
        }
        try await body()
        task.cancel()
        while !isDone.isOpen {
            time.advance(by: .seconds(1))
            await Task.yield()
        }
        _ = try await task.value
    }

    @Test func `a sentence that a listener confirms and finishes is finished`() async throws {
        try await withDispatcher { dispatcher, _, _, _ in
            let listener = FakeListener("lis_a")
            _ = await dispatcher.attach(listener, .ready, resuming: nil)
            let job = try await dispatcher.speak(request("Hello there."), by: Self.grant)
            let take = await listener.waitForPlay(of: job.id)
            #expect(take?.duration == FakeEngine.duration(of: "Hello there."))
            listener.report(.started(at: .zero), of: job.id)
            listener.report(.finished(at: .milliseconds(120)), of: job.id)
            let status = await dispatcher.waitForEnd(of: job.id)
            let end = JobEnd.finished(
                heard: .confirmed, duration: .milliseconds(120), listeners: [ListenerID("lis_a")])
            #expect(status?.end == end)
        }
    }

    @Test func `events of a job come in order and once`() async throws {
        try await withDispatcher { dispatcher, _, events, _ in
            var cursor = events.cursor { $0.job != nil && $0.isFact }
            let listener = FakeListener("lis_a")
            _ = await dispatcher.attach(listener, .ready, resuming: nil)
            let job = try await dispatcher.speak(request("Hello."), by: Self.grant)
            await listener.waitForPlay(of: job.id)
            listener.report(.started(at: .zero), of: job.id)
            listener.report(.finished(at: .milliseconds(60)), of: job.id)
            _ = await dispatcher.waitForEnd(of: job.id)
            var names: [String] = []
            while case .fact(_, let event) = cursor.nextIfAny() {
                names.append(String("\(event.body)".prefix { $0 != "(" }))
            }
            #expect(names == ["jobQueued", "jobStarted", "jobEnded"])
        }
    }

    @Test func `without a listener a job is held and fails when it expires`() async throws {
        try await withDispatcher { dispatcher, _, events, time in
            try await running(dispatcher, time) {
                var cursor = events.cursor { if case .jobHeld = $0.body { true } else { false } }
                let job = try await dispatcher.speak(
                    request("Hello.") { $0.expiresIn = .seconds(3) }, by: Self.grant)
                _ = await cursor.next()
                time.advance(by: .seconds(3))
                let status = await dispatcher.waitForEnd(of: job.id)
                #expect(status?.end?.failure == .noListener)
            }
        }
    }

    @Test func `a held job sounds at a listener that becomes ready`() async throws {
        try await withDispatcher { dispatcher, _, _, _ in
            let listener = FakeListener("lis_a")
            _ = await dispatcher.attach(listener, .notReady(reason: "suspended"), resuming: nil)
            let job = try await dispatcher.speak(request("Hello."), by: Self.grant)
            #expect(job.phase == .held)
            await dispatcher.setReadiness(.ready, of: listener.description.id)
            await listener.waitForPlay(of: job.id)
        }
    }

    @Test func `a listener that does not confirm is flushed, and the next step gets the job from its start`()
        async throws
    {
        try await withDispatcher { dispatcher, _, _, time in
            try await running(dispatcher, time) {
                let page = FakeListener("lis_page")
                let speaker = FakeListener(
                    ListenerDescription(id: ListenerID("lis_local"), kind: "speaker", scope: .everyone, output: .local))
                _ = await dispatcher.attach(page, .ready, resuming: nil)
                _ = await dispatcher.attach(speaker, .ready, resuming: nil)
                let job = try await dispatcher.speak(request("Hello."), by: Self.grant)
                await page.waitForPlay(of: job.id)
                time.advance(by: .milliseconds(1_500))
                await speaker.waitForPlay(of: job.id)
                #expect(await page.waitForOrder { $0 == .flush(job.id) } != nil)
                #expect(speaker.orders == [.play(job.id, from: .zero)])
                let listeners = await dispatcher.listeners(visibleTo: Self.grant)
                #expect(listeners.first { $0.description.id == page.description.id }?.readiness.isReady == false)
            }
        }
    }

    @Test func `a listener that comes back resumes where its audio ends`() async throws {
        try await withDispatcher { dispatcher, _, _, _ in
            let listener = FakeListener("lis_a")
            _ = await dispatcher.attach(listener, .ready, resuming: nil)
            let job = try await dispatcher.speak(request("Hello there, this takes a while."), by: Self.grant)
            await listener.waitForPlay(of: job.id)
            listener.report(.started(at: .zero), of: job.id)
            _ = await dispatcher.waitForStart(of: job.id)
            await dispatcher.detach(listener)
            let again = FakeListener("lis_a")
            let resumption = Resumption(job: job.id, received: .milliseconds(200))
            #expect(await dispatcher.attach(again, .ready, resuming: resumption))
            await again.waitForPlay(of: job.id)
            #expect(again.orders == [.play(job.id, from: .milliseconds(200))])
            again.report(.progress(at: .milliseconds(210)), of: job.id)
            again.report(.finished(at: .milliseconds(320)), of: job.id)
            #expect(await dispatcher.waitForEnd(of: job.id)?.phase == .finished)
        }
    }

    @Test func `a listener whose connection takes nothing is left alone, and the next step goes on`() async throws {
        try await withDispatcher { dispatcher, _, events, time in
            try await running(dispatcher, time) {
                var failures = events.cursor { if case .listenerFailed = $0.body { true } else { false } }
                let page = FakeListener("lis_page")
                let speaker = FakeListener(
                    ListenerDescription(id: ListenerID("lis_local"), kind: "speaker", scope: .everyone, output: .local))
                _ = await dispatcher.attach(page, .ready, resuming: nil)
                _ = await dispatcher.attach(speaker, .ready, resuming: nil)
                let job = try await dispatcher.speak(request("Hello."), by: Self.grant)
                await page.waitForPlay(of: job.id)
                page.report(.gone, of: job.id)
                await speaker.waitForPlay(of: job.id)
                #expect(page.orders == [.play(job.id, from: .zero)])
                guard case .fact(_, let failure) = await failures.next() else { return }
                #expect(failure.listener == page.description.id)
            }
        }
    }

    @Test func `a listener that stays away leaves the job to the next step, from the start of the word`() async throws {
        try await withDispatcher { dispatcher, _, _, time in
            try await running(dispatcher, time) {
                let page = FakeListener("lis_page")
                _ = await dispatcher.attach(page, .ready, resuming: nil)
                let job = try await dispatcher.speak(request("Hello there everybody."), by: Self.grant)
                await page.waitForPlay(of: job.id)
                page.report(.started(at: .zero), of: job.id)
                page.report(.progress(at: .milliseconds(85)), of: job.id)
                _ = await dispatcher.waitForStart(of: job.id)
                page.report(.gone, of: job.id)
                let speaker = FakeListener(
                    ListenerDescription(id: ListenerID("lis_local"), kind: "speaker", scope: .everyone, output: .local))
                await dispatcher.detach(page)
                _ = await dispatcher.attach(speaker, .ready, resuming: nil)
                time.advance(by: .seconds(2))
                await speaker.waitForPlay(of: job.id)
                #expect(speaker.orders == [.play(job.id, from: .milliseconds(60))])
            }
        }
    }

    @Test func `an abort cancels the engine, flushes the listener and tells what was delivered`() async throws {
        try await withDispatcher(.waits) { dispatcher, engine, _, _ in
            let listener = FakeListener("lis_a")
            _ = await dispatcher.attach(listener, .ready, resuming: nil)
            let text = "One two three four five. Six seven eight nine ten."
            let job = try await dispatcher.speak(request(text), by: Self.grant)
            engine.allow()
            await listener.waitForPlay(of: job.id)
            listener.report(.started(at: .zero), of: job.id)
            _ = await dispatcher.waitForStart(of: job.id)
            async let aborted = dispatcher.abort(.job(job.id), by: Self.grant)
            _ = await listener.waitForOrder { $0 == .flush(job.id) }
            listener.report(.flushed(at: .milliseconds(75)), of: job.id)
            #expect(await aborted == [job.id])
            guard case .aborted(.requested, let delivered) = await dispatcher.waitForEnd(of: job.id)?.end else {
                Issue.record("it was not aborted")
                return
            }
            #expect(delivered.delivered == "One two")
            #expect(delivered.delivered + delivered.unspoken == text)
            #expect(!delivered.isEstimated)
        }
    }

    @Test func `an abort after the end aborts nothing`() async throws {
        try await withDispatcher { dispatcher, _, _, _ in
            let job = try await dispatcher.speak(request("Hello.") { $0.delivery = .none }, by: Self.grant)
            _ = await dispatcher.waitForEnd(of: job.id)
            #expect(await dispatcher.abort(.job(job.id), by: Self.grant).isEmpty)
        }
    }

    @Test func `an engine that fails before any audio fails the job with its code`() async throws {
        try await withDispatcher(.fails(.died(engine: "fake"))) { dispatcher, _, _, _ in
            _ = await dispatcher.attach(FakeListener("lis_a"), .ready, resuming: nil)
            let job = try await dispatcher.speak(request("Hello."), by: Self.grant)
            let status = await dispatcher.waitForEnd(of: job.id)
            #expect(status?.end?.failure == .engineFailed(.died(engine: "fake")))
        }
    }

    @Test func `a long text is asked for clause by clause, never far ahead of its listener`() async throws {
        try await withDispatcher { dispatcher, engine, _, _ in
            let listener = FakeListener("lis_a")
            _ = await dispatcher.attach(listener, .ready, resuming: nil)
            let sentence = "This sentence is about eighty characters long, give or take a few of them, yes. "
            let job = try await dispatcher.speak(request(String(repeating: sentence, count: 50)), by: Self.grant)
            let take = await listener.waitForPlay(of: job.id)
            let reader = try #require(take).reader(from: .zero)
            await engine.waitForClauses(4)
            #expect(engine.clauses.count < 8)
            var samples = 0
            while samples < 24_000 * 10, case .samples(let piece) = await reader.next(atMost: 4_800) {
                samples += piece.count
            }
            await engine.waitForClauses(12)
        }
    }

    @Test(arguments: ["", " \n\t", "\u{2003}"])
    func `text without anything to say is refused`(text: String) async throws {
        try await withDispatcher { dispatcher, _, _, _ in
            await #expect(throws: SpeakRefusal.emptyText) { try await dispatcher.speak(request(text), by: Self.grant) }
        }
    }

    @Test func `text beyond 64 KiB is refused`() async throws {
        try await withDispatcher { dispatcher, _, _, _ in
            let text = String(repeating: "a", count: 65_537)
            await #expect(throws: SpeakRefusal.textTooLong(byteCount: 65_537, limit: 65_536)) {
                try await dispatcher.speak(request(text), by: Self.grant)
            }
        }
    }

    @Test func `jobs above a limit are refused until one has ended`() async throws {
        try await withDispatcher(limits: SpeakingLimits(jobs: 3, jobsPerSession: 2)) { dispatcher, _, _, _ in
            let first = try await dispatcher.speak(request("One."), by: Self.grant)
            _ = try await dispatcher.speak(request("Two."), by: Self.grant)
            await #expect(throws: SpeakRefusal.tooManyJobsOfSession(limit: 2)) {
                try await dispatcher.speak(request("Three."), by: Self.grant)
            }
            let other = try await dispatcher.surroundings.sessions.open(nil, name: nil, voice: nil, isLocal: true).id
            _ = try await dispatcher.speak(request("Three.") { $0.session = other }, by: Self.grant)
            await #expect(throws: SpeakRefusal.tooManyJobs(limit: 3)) {
                try await dispatcher.speak(request("Four.") { $0.session = other }, by: Self.grant)
            }
            _ = await dispatcher.abort(.job(first.id), by: Self.grant)
            _ = try await dispatcher.speak(request("Four."), by: Self.grant)
        }
    }

    @Test func `a bound token finds no other session and sees no other job`() async throws {
        try await withDispatcher { dispatcher, _, _, _ in
            let job = try await dispatcher.speak(request("Hello."), by: Self.grant)
            let bound = Grant(token: TokenID("tok_b"), scopes: [.speak, .control], session: SessionID("other"))
            await #expect(throws: SpeakRefusal.unknownSession(.default)) {
                try await dispatcher.speak(request("Hello."), by: bound)
            }
            #expect(await dispatcher.job(job.id, visibleTo: bound) == nil)
            #expect(await dispatcher.jobs(visibleTo: bound).isEmpty)
            #expect(await dispatcher.abort(.all, by: bound).isEmpty)
        }
    }

    @Test func `an orderly stop ends waiting jobs and lets what sounds go on`() async throws {
        try await withDispatcher { dispatcher, _, _, _ in
            let listener = FakeListener("lis_a")
            _ = await dispatcher.attach(listener, .ready, resuming: nil)
            let sounding = try await dispatcher.speak(request("Hello."), by: Self.grant)
            let waiting = try await dispatcher.speak(request("Later."), by: Self.grant)
            await listener.waitForPlay(of: sounding.id)
            listener.report(.started(at: .zero), of: sounding.id)
            _ = await dispatcher.waitForStart(of: sounding.id)
            let run = Task { try await dispatcher.run() }
            run.cancel()
            #expect(await dispatcher.waitForEnd(of: waiting.id)?.end?.failure == .serverStopping)
            listener.report(.finished(at: .milliseconds(60)), of: sounding.id)
            #expect(await dispatcher.waitForEnd(of: sounding.id)?.phase == .finished)
            try await run.value
            await #expect(throws: SpeakRefusal.serverStopping) {
                try await dispatcher.speak(request("No."), by: Self.grant)
            }
        }
    }
}

extension JobEnd {
    fileprivate var failure: JobFailure? {
        if case .failed(let failure, _) = self { failure } else { nil }
    }
}
