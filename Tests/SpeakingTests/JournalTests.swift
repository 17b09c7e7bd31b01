import Flow
import Testing
import VoiceCore
import VoiceTesting

@testable import Speaking

/// What the dispatcher notes, what it waits for, and what it takes over.
@Suite(.timeLimit(.minutes(1))) struct JournalTests {
    private static let grant = Grant(token: TokenID("tok_test"), scopes: .all)
    private let events = Broadcast<Event>()

    private func dispatcher(_ journal: MemoryJournal) -> Dispatcher {
        let timeline = ManualTimeline().timeline
        let sessions = SessionRegistry(events: events, timeline: timeline)
        return Dispatcher(
            Dispatcher.Surroundings(
                engines: FakeEngine(), sessions: sessions, events: events, journal: journal, timeline: timeline,
                log: Log(label: "test", sink: LogSink(level: .error, style: .logfmt) { _ in })))
    }

    private func request(_ text: String, key: String? = nil) -> SpeakRequest {
        var request = SpeakRequest(text: text, session: .default)
        request.key = key.map { RequestKey(name: $0, digest: Array(text.utf8)) }
        return request
    }

    private func entry(_ id: String, session: SessionID = .default, isPrivate: Bool = false) -> JobEntry {
        var request = SpeakRequest(text: "Hello.", session: session)
        request.isPrivate = isPrivate
        return JobEntry(
            id: JobID(id), token: TokenID("tok_test"),
            session: SessionInfo(id: session, name: "Builds", isLocal: false, createdAt: .now()), request: request,
            voice: "fake", route: .firstOf([.session]), acceptedAt: .now())
    }

    private func unfinished(_ entry: JobEntry, hasBegun: Bool = false) -> UnfinishedJob {
        UnfinishedJob(
            entry: entry, hasBegun: hasBegun,
            delivered: Delivered(delivered: "Hel", unspoken: "lo.", position: .zero, percent: 50, isEstimated: true))
    }

    @Test func `a job's life is noted in order`() async throws {
        let journal = MemoryJournal()
        let dispatcher = dispatcher(journal)
        let listener = FakeListener("lis_a")
        _ = await dispatcher.attach(listener, .ready, resuming: nil)
        let job = try await dispatcher.speak(request("Hello."), by: Self.grant)
        await listener.waitForPlay(of: job.id)
        listener.report(.started(at: .zero), of: job.id)
        listener.report(.finished(at: .milliseconds(60)), of: job.id)
        _ = await dispatcher.waitForEnd(of: job.id)
        let names = journal.notes(of: job.id).map { "\($0)".prefix { $0 != "(" } }
        #expect(names == ["accepted", "begun", "started", "ended"])
    }

    @Test func `no sound leaves before the journal knows that it does`() async throws {
        let journal = MemoryJournal(.byHand)
        let dispatcher = dispatcher(journal)
        let listener = FakeListener("lis_a")
        _ = await dispatcher.attach(listener, .ready, resuming: nil)
        async let job = dispatcher.speak(request("Hello."), by: Self.grant)
        await journal.waitForWaiters(2)
        #expect(listener.orders.isEmpty)
        journal.write()
        await listener.waitForPlay(of: try await job.id)
    }

    @Test func `the same request under the same key is the same job`() async throws {
        let dispatcher = dispatcher(MemoryJournal())
        let job = try await dispatcher.speak(request("Hello.", key: "k"), by: Self.grant)
        #expect(try await dispatcher.speak(request("Hello.", key: "k"), by: Self.grant).id == job.id)
        #expect(await dispatcher.jobs(visibleTo: Self.grant).map(\.id) == [job.id])
        var other = Self.grant
        other.token = TokenID("tok_other")
        #expect(try await dispatcher.speak(request("Hello.", key: "k"), by: other).id != job.id)
    }

    @Test func `another request under the same key is refused`() async throws {
        let dispatcher = dispatcher(MemoryJournal())
        _ = try await dispatcher.speak(request("Hello.", key: "k"), by: Self.grant)
        await #expect(throws: SpeakRefusal.keyConflict) {
            try await dispatcher.speak(request("Goodbye.", key: "k"), by: Self.grant)
        }
    }

    @Test func `a key that cannot be kept is refused, and a request without one is spoken`() async throws {
        let dispatcher = dispatcher(MemoryJournal(.full))
        let error = JournalError(code: "disk_full", reason: "the disk is full")
        await #expect(throws: SpeakRefusal.keyNotKept(error)) {
            try await dispatcher.speak(request("Hello.", key: "k"), by: Self.grant)
        }
        _ = try await dispatcher.speak(request("Hello."), by: Self.grant)
    }

    @Test(arguments: [true, false])
    func `what had begun or was private is told to have failed`(isResuming: Bool) async throws {
        let journal = MemoryJournal()
        let dispatcher = dispatcher(journal)
        var cursor = events.cursor { $0.job != nil }
        let begun = unfinished(entry("job_begun"), hasBegun: true)
        let secret = unfinished(entry("job_private", isPrivate: true))
        await dispatcher.takeOver([begun, secret], isResuming: isResuming)
        for job in [begun, secret] {
            let end = JobEnd.failed(.serverRestarted, job.delivered)
            guard case .fact(_, let event) = cursor.nextIfAny() else { throw CancellationError() }
            #expect(event.job == job.entry.id && event.body == .jobEnded(end))
            #expect(journal.notes(of: job.entry.id) == [.ended(end)])
        }
        #expect(await dispatcher.jobs(visibleTo: Self.grant).isEmpty)
    }

    @Test func `what had not begun is put back in its order, with its session`() async throws {
        let dispatcher = dispatcher(MemoryJournal())
        let session = SessionID("builds")
        let entries = ["job_z", "job_a", "job_m"].map { entry($0, session: session) }
        await dispatcher.takeOver(entries.map { unfinished($0) }, isResuming: true)
        let listener = FakeListener("lis_a", session: session)
        _ = await dispatcher.attach(listener, .ready, resuming: nil)
        for entry in entries {
            await listener.waitForPlay(of: entry.id)
            listener.report(.started(at: .zero), of: entry.id)
            listener.report(.finished(at: .milliseconds(60)), of: entry.id)
            #expect(await dispatcher.waitForEnd(of: entry.id)?.phase == .finished)
        }
    }

    @Test func `without being asked to, nothing is put back`() async throws {
        let dispatcher = dispatcher(MemoryJournal())
        var cursor = events.cursor { $0.job != nil }
        await dispatcher.takeOver([unfinished(entry("job_a"))], isResuming: false)
        guard case .fact(_, let event) = cursor.nextIfAny(), case .jobEnded(.failed(.serverRestarted, _)) = event.body
        else { throw CancellationError() }
        #expect(await dispatcher.jobs(visibleTo: Self.grant).isEmpty)
    }
}
