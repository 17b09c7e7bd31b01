import Flow
import Store
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct JournalTests {
    let scratch = Scratch()

    private func open() throws -> (JournalStore, JournalReader) {
        let folder = try DataFolder(path: scratch.folder)
        _ = try Database(in: folder)
        return (try JournalStore(in: folder), try JournalReader(in: folder))
    }

    private func entry(
        _ id: String, _ text: String = "Hello, world.", at milliseconds: Int64 = 1_000,
        _ change: (inout SpeakRequest) -> Void = { _ in }
    ) -> JobEntry {
        var request = SpeakRequest(text: text, session: SessionID("ses_a"))
        change(&request)
        let session = SessionInfo(
            id: SessionID("ses_a"), name: "Builds", voice: "slt", isLocal: true,
            createdAt: WallTime(milliseconds: 500))
        return JobEntry(
            id: JobID(id), token: TokenID("tok_a"), session: session, request: request, voice: "slt",
            route: .firstOf([.session, .any, .local]), acceptedAt: WallTime(milliseconds: milliseconds))
    }

    private func accepted(_ entry: JobEntry) -> JobNote { JobNote(.accepted(entry), of: entry.id) }

    @Test func `a job that has not begun comes back as it was accepted`() async throws {
        let (store, _) = try open()
        var entry = entry("job_a") {
            $0.language = "en-GB"
            $0.speed = 1.25
            $0.volume = 0.5
            $0.mood = .urgent
            $0.priority = -3
            $0.expiresIn = .milliseconds(1_500)
        }
        let routes: [RoutePlan] = [
            .firstOf([.session, .room, .any, .local, .listener(ListenerID("local")), .ownListener(ListenerID("lis_a"))]
            ),
            .allOf([.session, .any]), .nowhere,
        ]
        for (number, route) in routes.enumerated() {
            entry.id = JobID("job_\(number)")
            entry.route = route
            try await store.write([accepted(entry)])
            let job = try #require(try await store.unfinished().last)
            #expect(job.entry == entry && job.isResumable)
        }
    }

    @Test(arguments: [
        JobEnd.finished(heard: .confirmed, duration: .microseconds(1_234_567), listeners: [ListenerID("lis_a")]),
        .aborted(reason: .interrupted, delivered("Hello,", " world.")),
        .failed(.noListener, delivered("", "Hello, world.")),
        .failed(.engineFailed(.died(engine: "flite")), delivered("Hello,", " world.")),
        .failed(.engineFailed(.failed(engine: "x", message: "two\nlines")), delivered("", "Hello, world.")),
        .failed(.engineFailed(.unknownVoice("ada")), delivered("", "Hello, world.")),
        .failed(.serverRestarted, delivered("Hello,", " world.")), .failed(.notHeard, delivered("", "Hello, world.")),
    ])
    func `an end is kept as it was`(end: JobEnd) async throws {
        let (store, reader) = try open()
        let entry = entry("job_a")
        try await store.write([accepted(entry), JobNote(.ended(end), of: entry.id)])
        #expect(try await reader.job(entry.id)?.status.end == end)
        #expect(try await store.unfinished().isEmpty)
    }

    private static func delivered(_ heard: String, _ unspoken: String) -> Delivered {
        Delivered(delivered: heard, unspoken: unspoken, position: .milliseconds(700), percent: 46, isEstimated: false)
    }

    @Test func `a job that was cut off is known to have begun, and how far it came`() async throws {
        let (store, _) = try open()
        let entry = entry("job_a", "Grüße 👩‍👩‍👧 an alle.")
        let delivered = Self.delivered("Grüße 👩‍👩‍👧", " an alle.")
        try await store.write([
            accepted(entry), JobNote(.begun, of: entry.id),
            JobNote(.started(listeners: [ListenerID("lis_a")], delay: .milliseconds(84)), of: entry.id),
            JobNote(.reached(delivered), of: entry.id),
        ])
        let job = try #require(try await store.unfinished().first)
        #expect(job.hasBegun && !job.isResumable && job.delivered == delivered)
    }

    @Test func `a timeline tells what happened, and the second end of a job is none`() async throws {
        let (store, reader) = try open()
        let entry = entry("job_a")
        let ears = [ListenerID("lis_a"), ListenerID("lis_b")]
        let end = JobEnd.finished(heard: .assumed, duration: .seconds(2), listeners: ears)
        try await store.write([
            accepted(entry), JobNote(.begun, of: entry.id),
            JobNote(.started(listeners: ears, delay: .zero), of: entry.id),
            JobNote(.moved(to: [ears[1]], position: .milliseconds(300)), of: entry.id),
            JobNote(.ended(end), of: entry.id),
        ])
        let job = try #require(try await reader.job(entry.id))
        #expect(job.timeline.map(\.kind) == [.accepted, .begun, .started, .moved, .ended])
        #expect(job.timeline[3].position == .milliseconds(300) && job.timeline[3].listeners == [ears[1]])
        try await store.write([JobNote(.ended(.failed(.notHeard, Self.delivered("", "x"))), of: entry.id)])
        #expect(try await reader.job(entry.id)?.status.phase == .finished)
    }

    @Test func `notes of a job that is not there harm nothing`() async throws {
        let (store, reader) = try open()
        try await store.write([JobNote(.begun, of: JobID("x")), accepted(entry("job_a"))])
        #expect(try await reader.jobs(JobQuery()).map(\.status.id.rawValue) == ["job_a"])
    }

    @Test func `the text of a private job is not kept, its length is`() async throws {
        let (store, reader) = try open()
        try await store.write([accepted(entry("job_a") { $0.isPrivate = true })])
        let job = try #require(try await reader.job(JobID("job_a")))
        #expect(job.isPrivate && job.characterCount == 13 && job.status.text.isEmpty)
        #expect(try await store.unfinished().first?.isResumable == false)
    }

    @Test func `a key is known for a day, to its token alone`() async throws {
        let (store, _) = try open()
        let key = RequestKey(name: "k", digest: [1])
        let entry = entry("job_a")
        let start = WallTime(milliseconds: 1_000_000_000)
        #expect(try await store.claim(key, for: entry, at: start) == .new)
        #expect(try await store.claim(key, for: self.entry("job_b"), at: start) == .known(entry.status))
        #expect(try await store.find(RequestKey(name: "k", digest: [2]), of: entry.token, at: start) == .conflict)
        #expect(try await store.find(key, of: TokenID("tok_b"), at: start) == .new)
        let later = WallTime(milliseconds: start.milliseconds + 86_400_000)
        #expect(try await store.find(key, of: entry.token, at: WallTime(milliseconds: later.milliseconds - 1)) != .new)
        #expect(try await store.claim(key, for: self.entry("job_c"), at: later) == .new)
        #expect(try await store.unfinished().map(\.entry.id.rawValue) == ["job_a", "job_c"])
    }

    @Test func `a job that was refused after all leaves no key behind`() async throws {
        let (store, reader) = try open()
        let key = RequestKey(name: "k", digest: [1])
        _ = try await store.claim(key, for: entry("job_a"), at: .now())
        try await store.write([JobNote(.withdrawn, of: JobID("job_a"))])
        #expect(try await store.find(key, of: TokenID("tok_a"), at: .now()) == .new)
        #expect(try await reader.jobs(JobQuery()).isEmpty)
    }

    @Test func `a search takes its words for themselves`() async throws {
        let (store, reader) = try open()
        for (number, text) in ["100% sure", "1000 sure", "a_b", "aXb", "back\\slash"].enumerated() {
            try await store.write([accepted(entry("job_\(number)", text, at: Int64(number)))])
        }
        for (words, found) in [("100%", [0]), ("a_b", [2]), ("\\", [4]), ("SURE", [1, 0]), ("'", [])] {
            var query = JobQuery()
            query.text = words
            #expect(try await reader.jobs(query).map(\.status.id.rawValue) == found.map { "job_\($0)" }, "\(words)")
        }
    }

    @Test func `what is too old is forgotten with its timeline, what has no end or a living key is not`() async throws {
        let (store, reader) = try open()
        let end = JobEnd.failed(.noListener, Self.delivered("", ""))
        let now = WallTime(milliseconds: 1_000_000_000_000)
        for (id, age) in [("old", 40), ("open", 40), ("keyed", 40), ("young", 20)] {
            let entry = entry(id, at: now.milliseconds - Int64(age) * 86_400_000)
            if id == "keyed" { _ = try await store.claim(RequestKey(name: "k", digest: []), for: entry, at: now) }
            try await store.write([accepted(entry)] + (id == "open" ? [] : [JobNote(.ended(end), of: entry.id)]))
        }
        let month = JournalRetention(age: .seconds(30 * 86_400), byteCount: nil)
        while try await store.tidy(month, at: now) { continue }
        #expect(try await reader.jobs(JobQuery()).map(\.status.id.rawValue) == ["young", "keyed", "open"])
    }

    @Test func `a database of the second version is taken over with its tokens`() async throws {
        let folder = try DataFolder(path: scratch.folder)
        let token = TokenRecord(
            grant: Grant(token: TokenID("tok_a"), scopes: .all), label: "", digest: [1],
            createdAt: WallTime(milliseconds: 1))
        try await Database(in: folder).add(token)
        for table in [
            "utterances_words", "drafts_words", "recordings", "draft_parts", "drafts", "utterances", "source_marks",
            "request_keys", "job_steps", "jobs", "sessions",
        ] {
            scratch.run("DROP TABLE \(table)", on: "data/hearsay.db")
        }
        scratch.run("PRAGMA user_version = 2; PRAGMA auto_vacuum = 0; VACUUM", on: "data/hearsay.db")
        let database = try Database(in: folder)
        #expect(try await database.tokens() == [token])
        try await JournalStore(in: folder).write([accepted(entry("job_a"))])
    }

    // MARK: The journal that takes notes

    private func journal(_ events: Broadcast<Event>, _ time: ManualTimeline) throws -> Journal {
        let (store, reader) = try open()
        let sink = LogSink(level: .error, style: .logfmt) { _ in }
        return Journal(
            store: store, reader: reader, events: events, timeline: time.timeline, log: Log(label: "test", sink: sink))
    }

    @Test func `notes are written soon, and all of them before it ends`() async throws {
        let time = ManualTimeline()
        let journal = try journal(Broadcast<Event>(), time)
        let running = Task { try await journal.run() }
        await journal.wait(for: journal.take(accepted(entry("job_a"))), atMost: .seconds(1))
        #expect(try await journal.job(JobID("job_a"))?.status.phase == .queued)
        for number in 0..<2_500 { journal.take(accepted(entry("job_\(number)"))) }
        running.cancel()
        try await running.value
        #expect(try await journal.job(JobID("job_2499")) != nil)
    }

    @Test func `a disk that takes nothing is told once, holds nobody up, and loses nothing that has room`() async throws
    {
        let time = ManualTimeline()
        let events = Broadcast<Event>()
        let journal = try journal(events, time)
        var cursor = events.cursor()
        scratch.run(
            "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, ''); END", on: "data/hearsay.db")
        let running = Task { try await journal.run() }
        let ticket = journal.take(accepted(entry("job_a")))
        guard case .fact(_, let trouble) = await cursor.next(), case .journalChanged(let state) = trouble.body else {
            throw CancellationError()
        }
        #expect(state.trouble?.isEmpty == false && journal.state == state)
        await journal.wait(for: ticket, atMost: .seconds(1_000))
        scratch.run("DROP TRIGGER full", on: "data/hearsay.db")
        let mending = Task { while !Task.isCancelled { time.advance(by: .seconds(1)); await Task.yield() } }
        let mended = await cursor.next()
        mending.cancel()
        guard case .fact(_, let event) = mended else { throw CancellationError() }
        #expect(event.body == .journalChanged(JournalState()))
        #expect(try await journal.job(JobID("job_a")) != nil)
        running.cancel()
        try await running.value
    }

    @Test func `notes beyond the bound are lost and counted`() throws {
        let journal = try journal(Broadcast<Event>(), ManualTimeline())
        for _ in 0..<20_003 { journal.take(JobNote(.begun, of: JobID("job_a"))) }
        #expect(journal.state.lostCount == 3)
    }
}
