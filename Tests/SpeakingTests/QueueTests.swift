import Testing
import VoiceCore

@testable import Speaking

/// Whose turn it is: policies, interruptions, brakes and places, in simulated worlds.
@Suite struct QueueTests {
    private static let output = OutputID("loudspeaker")

    /// A world with one loudspeaker that everybody uses.
    private func world(_ policy: TurnPolicy = .roundRobin) -> FloorWorld {
        var world = FloorWorld(policy: policy)
        world.addListener(
            ListenerDescription(id: ListenerID("lis_1"), kind: "test", scope: .everyone, output: Self.output), .honest)
        return world
    }

    private func job(_ name: String, _ session: String = "a", priority: Int = 0) -> WaitingJob {
        WaitingJob(id: JobID(name), session: SessionID(session), priority: priority, route: .firstOf([.any]))
    }

    private func add(
        _ job: WaitingJob, to world: inout FloorWorld, at time: Duration = .zero,
        lasting length: Duration = .seconds(1),
        interrupting interruption: Interruption = .none
    ) {
        world.schedule(
            .add(job, length: length, audioAfter: .milliseconds(5), interrupting: interruption), at: time)
    }

    private func audible(_ world: FloorWorld) -> [String] { world.audible.map(\.rawValue) }

    /// What sounds in which order if the jobs of three sessions come together while something sounds.
    @Test(arguments: [
        (TurnPolicy.fifo, ["first", "a1", "a2", "a3", "b1", "b2", "c1"]),
        (.roundRobin, ["first", "a1", "b1", "c1", "a2", "b2", "a3"]),
        (.priority, ["first", "c1", "a3", "a1", "b1", "b2", "a2"]),
    ])
    func `what sounds comes in the order of the policy`(policy: TurnPolicy, order: [String]) {
        var world = world(policy)
        add(job("first"), to: &world)
        let priorities = ["a1": 1, "a2": -1, "a3": 2, "b1": 1, "b2": 0, "c1": 9]
        for name in ["a1", "a2", "a3", "b1", "b2", "c1"] {
            add(job(name, String(name.prefix(1)), priority: priorities[name] ?? 0), to: &world, at: .milliseconds(100))
        }
        world.run(until: .seconds(60))
        #expect(audible(world) == order)
    }

    @Test func `the policy changes while jobs wait`() {
        var world = world(.fifo)
        for (name, session) in [("a1", "a"), ("a2", "a"), ("a3", "a"), ("a4", "a"), ("b1", "b"), ("b2", "b")] {
            add(job(name, session), to: &world)
        }
        world.schedule(.policy(.roundRobin), at: .milliseconds(1_500))
        world.schedule(.policy(.fifo), at: .milliseconds(3_500))
        world.run(until: .seconds(60))
        #expect(audible(world) == ["a1", "a2", "b1", "a3", "a4", "b2"])
    }

    @Test(arguments: TurnPolicy.allCases)
    func `a hundred jobs of ten sessions sound in the order of the policy and never together`(policy: TurnPolicy) {
        var world = world(policy)
        struct Expected {
            let session, round, priority, number: Int
        }
        var expected: [Expected] = []
        for number in 0..<100 {
            let (session, priority) = (number / 10, number * 13 % 21 - 10)
            // The first job of the first session sounds before the others have come, in no round.
            expected.append(
                Expected(
                    session: session, round: session == 0 ? number - 1 : number % 10, priority: priority, number: number
                ))
            add(
                job("job_\(number)", "ses_\(session)", priority: priority), to: &world,
                at: number == 0 ? .zero : .milliseconds(50 + number), lasting: .milliseconds(200))
        }
        world.run(until: .seconds(600))
        let rest = expected.dropFirst().sorted { left, right in
            switch policy {
            case .fifo: left.number < right.number
            case .priority: (-left.priority, left.number) < (-right.priority, right.number)
            case .roundRobin: (left.round, left.session) < (right.round, right.session)
            }
        }
        #expect(audible(world) == ["job_0"] + rest.map { "job_\($0.number)" })
        for (left, right) in zip(world.sounded, world.sounded.dropFirst()) { #expect(left.end <= right.begin) }
    }

    // MARK: Interruption

    @Test(arguments: [Interruption.session, .output, .all])
    func `a job that interrupts cuts what sounds and goes before what waits`(interruption: Interruption) {
        var world = world(.fifo)
        add(job("cut"), to: &world, lasting: .seconds(10))
        add(job("waits", "b"), to: &world, at: .milliseconds(10))
        add(job("new"), to: &world, at: .seconds(1), interrupting: interruption)
        world.run(until: .seconds(60))
        #expect(audible(world) == ["cut", "new", "waits"])
        guard case .aborted(.interrupted, let position, _) = world.ends[JobID("cut")]?.first else {
            Issue.record("it ended \(world.ends[JobID("cut")] ?? [])")
            return
        }
        #expect(position > .milliseconds(800))
    }

    @Test func `a job that interrupts its own session alone waits for what others say`() {
        var world = world(.fifo)
        add(job("other", "b"), to: &world, lasting: .seconds(2))
        add(job("waits", "c"), to: &world, at: .milliseconds(10))
        add(job("mine"), to: &world, at: .milliseconds(20))
        add(job("new"), to: &world, at: .seconds(1), interrupting: .session)
        world.run(until: .seconds(60))
        // It goes before the rest of its session, in the place of that.
        #expect(audible(world) == ["other", "waits", "new", "mine"])
        #expect(world.ends.values.allSatisfy { if case .finished = $0.first { true } else { false } })
    }

    @Test func `a job that interrupts may cut nothing of sessions that are not covered`() {
        var floor = world().floor
        _ = floor.add(job("theirs", "b"), at: .zero)
        _ = floor.audioReady(JobID("theirs"), at: .zero)
        _ = floor.add(job("mine"), interrupting: .all, covering: { $0 == SessionID("a") }, at: .seconds(1))
        #expect(floor.isAlive(JobID("theirs")))
    }

    @Test func `the second of two jobs that interrupt replaces the first, heard or not`() {
        var world = world()
        add(job("cut"), to: &world, lasting: .seconds(10))
        add(job("second"), to: &world, at: .seconds(1), interrupting: .session)
        add(job("third"), to: &world, at: .seconds(1), interrupting: .session)
        world.run(until: .seconds(60))
        #expect(audible(world) == ["cut", "third"])
    }

    // MARK: Brakes

    @Test func `a hold lets the present job end and keeps the next one back`() {
        var world = world()
        add(job("one"), to: &world)
        add(job("two"), to: &world)
        world.schedule(.brake(.held, .everything, until: nil), at: .milliseconds(500))
        world.schedule(.brake(nil, .everything, until: nil), at: .seconds(60))
        world.run(until: .seconds(120))
        #expect(world.sounded.map(\.job.rawValue) == ["one", "two"])
        #expect(world.sounded[0].end < .seconds(2))
        #expect(world.sounded[1].begin >= .seconds(60))
        #expect(world.holds[JobID("two")] == [.paused])
    }

    @Test func `a pause silences the present job, which goes on where it was before all others`() {
        var world = world()
        add(job("one"), to: &world, lasting: .seconds(4))
        add(job("two", "b"), to: &world)
        world.schedule(.brake(.paused, .everything, until: nil), at: .seconds(2))
        world.schedule(.brake(nil, .everything, until: nil), at: .seconds(90))
        world.run(until: .seconds(120))
        #expect(world.sounded.map(\.job.rawValue) == ["one", "one", "two"])
        #expect(world.sounded[0].end <= .milliseconds(2_001))
        #expect(world.sounded[1].begin >= .seconds(90))
        #expect(world.sounded[1].from == world.sounded[0].to)
        #expect(world.starts[JobID("one")] == 1)
        #expect(world.ends.values.allSatisfy { if case .finished = $0.first { true } else { false } })
    }

    @Test func `a pause of one session or output leaves the others alone`() {
        var world = world()
        world.addListener(
            ListenerDescription(
                id: ListenerID("lis_2"), kind: "test", scope: .session(SessionID("b")), output: OutputID("desk")),
            .honest)
        let other = WaitingJob(id: JobID("other"), session: SessionID("b"), route: .firstOf([.session]))
        world.schedule(.brake(.paused, .session(SessionID("a")), until: .seconds(20)), at: .zero)
        world.schedule(.brake(.paused, .output(OutputID("desk")), until: .seconds(30)), at: .zero)
        add(job("mine"), to: &world, at: .milliseconds(1))
        add(job("their"), to: &world, at: .milliseconds(1))
        add(job("free", "c"), to: &world, at: .milliseconds(1))
        add(other, to: &world, at: .milliseconds(1))
        world.run(until: .seconds(60))
        #expect(audible(world) == ["free", "mine", "their", "other"])
        #expect(world.sounded.map { $0.begin / .seconds(10) }.map { Int($0) } == [0, 2, 2, 3])
    }

    @Test func `a paused job is aborted with what was heard of it`() {
        var world = world()
        add(job("one"), to: &world, lasting: .seconds(4))
        world.schedule(.brake(.paused, .everything, until: nil), at: .seconds(2))
        world.schedule(.abortAll(.current(session: SessionID("a"), output: nil)), at: .seconds(3))
        world.run(until: .seconds(60))
        guard case .aborted(.requested, let position, _) = world.ends[JobID("one")]?.first else {
            Issue.record("it ended \(world.ends[JobID("one")] ?? [])")
            return
        }
        #expect(position > .milliseconds(1_900) && position <= .seconds(2))
    }

    // MARK: Aborts

    @Test(arguments: [
        (AbortScope.current(session: SessionID("a"), output: nil), ["a1"]),
        (.current(session: SessionID("a"), output: OutputID("desk")), ["b1"]),
        (.job(JobID("a2")), ["a2"]), (.session(SessionID("a")), ["a1", "a2"]),
        (.output(OutputID("desk")), ["b1", "b2"]), (.all, ["a1", "a2", "b1", "b2"]),
    ])
    func `an abort means these jobs`(scope: AbortScope, meant: [String]) {
        var world = world()
        world.addListener(
            ListenerDescription(
                id: ListenerID("lis_2"), kind: "test", scope: .session(SessionID("b")), output: OutputID("desk")),
            .honest)
        for (name, step) in [("a1", RouteStep.any), ("a2", .any), ("b1", .session), ("b2", .session)] {
            let job = WaitingJob(
                id: JobID(name), session: SessionID(String(name.prefix(1))), route: .firstOf([step]))
            add(job, to: &world, lasting: .seconds(10))
        }
        world.schedule(.abortAll(scope), at: .seconds(1))
        world.run(until: .seconds(60))
        let aborted = world.ends.filter { if case .aborted = $0.value.first { true } else { false } }
        #expect(aborted.keys.map(\.rawValue).sorted() == meant)
    }

    /// Every millisecond of a short job's life, and every kind of listener.
    @Test(arguments: [
        FloorWorld.Manner.honest, .slow(.milliseconds(200)), .deaf, .assumed, .dies(after: .milliseconds(100)),
        .fallsSilent(after: .milliseconds(100)), .returns(after: .milliseconds(100), away: .milliseconds(500)),
    ])
    func `an abort at any moment leaves nothing behind`(manner: FloorWorld.Manner) {
        for moment in 0..<500 {
            var world = FloorWorld()
            world.addListener(
                ListenerDescription(id: ListenerID("lis_1"), kind: "test", scope: .everyone, output: Self.output),
                manner)
            let id = JobID("one")
            add(job("one"), to: &world, lasting: .milliseconds(400))
            world.schedule(.abort(id), at: .milliseconds(moment))
            world.schedule(.abort(id), at: .milliseconds(moment))
            world.run(until: .seconds(100))
            #expect(world.ends[id]?.count == 1)
            #expect(world.floor.remembersNothing)
            guard case .aborted? = world.ends[id]?.first, let end = world.endedAt[id] else { continue }
            #expect(end <= .milliseconds(moment + 150))
            #expect(world.stopped == [id])
            for stretch in world.sounded {
                #expect(stretch.end <= .milliseconds(moment + 1) + FloorPropertyTests.beyondReach(manner))
            }
        }
    }

    // MARK: Places

    @Test func `a place counts the jobs before it on its output and what is left of the present one`() {
        var world = world(.fifo)
        world.addListener(
            ListenerDescription(
                id: ListenerID("lis_2"), kind: "test", scope: .session(SessionID("b")), output: OutputID("desk")),
            .honest)
        for name in ["a1", "a2", "a3"] { add(job(name), to: &world, lasting: .seconds(10)) }
        let other = WaitingJob(id: JobID("b1"), session: SessionID("b"), route: .firstOf([.session]))
        add(other, to: &world, at: .milliseconds(2_500))
        world.run(until: .milliseconds(2_501))
        let places = world.floor.places(at: world.now) { _ in .seconds(10) }
        #expect(places[JobID("a1")] == Place(position: 0, wait: .zero))
        #expect(places[JobID("a2")]?.position == 1)
        #expect(places[JobID("a3")]?.position == 2)
        #expect(places[JobID("b1")] == Place(position: 1, wait: .zero))
        let wait = places[JobID("a2")]?.wait ?? .zero
        #expect(wait > .seconds(7) && wait < .milliseconds(7_900))
        #expect(places[JobID("a3")]?.wait == wait + .seconds(10))
    }
}

extension Floor {
    /// Whether no trace of any job is left.
    var remembersNothing: Bool {
        queue.isEmpty && queue.remembersNobody && sounding.isEmpty && broken.isEmpty
    }
}
