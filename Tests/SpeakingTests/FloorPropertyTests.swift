import Testing
import VoiceCore

@testable import Speaking

/// Random worlds, held against the rules of PROTOCOL.md, section 5.
@Suite struct FloorPropertyTests {
    /// The longest time a listener may play on after it was told to stop, in this world.
    static let tolerance = Duration.milliseconds(1)

    /// A small generator with a seed, so that a failing world can be run again.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static func world(seed: UInt64) -> (world: FloorWorld, jobs: [WaitingJob], lengths: [JobID: Duration]) {
        var random = Seeded(state: seed)
        let policy = TurnPolicy.allCases.randomElement(using: &random) ?? .fifo
        var world = FloorWorld(policy: policy)
        let sessions = (1...4).map { SessionID("ses_\($0)") }
        for number in 1...Int.random(in: 1...6, using: &random) {
            let id = ListenerID("lis_\(number)")
            let isEverybodys = Int.random(in: 0..<4, using: &random) == 0
            let scope =
                isEverybodys ? ListenerScope.everyone : .session(sessions.randomElement(using: &random) ?? .default)
            let output = OutputID("out_\(Int.random(in: 1...4, using: &random))")
            let ready = Bool.random(using: &random)
            world.addListener(
                ListenerDescription(id: id, kind: "test", scope: scope, output: output), manner(&random), isReady: ready
            )
            for time in 0..<3 where Int.random(in: 0..<3, using: &random) == 0 {
                world.schedule(.ready(id, Bool.random(using: &random)), at: .seconds(time * 4 + 1))
            }
            world.schedule(.ready(id, true), at: .seconds(15))
        }
        if Bool.random(using: &random) {
            world.addListener(
                ListenerDescription(id: ListenerID("lis_local"), kind: "speaker", scope: .everyone, output: .local),
                .honest)
        }
        var jobs: [WaitingJob] = []
        var lengths: [JobID: Duration] = [:]
        for number in 1...Int.random(in: 1...20, using: &random) {
            let job = WaitingJob(
                id: JobID("job_\(number)"), session: sessions.randomElement(using: &random) ?? .default,
                priority: Int.random(in: -10...10, using: &random), route: plan(&random),
                expiresIn: .milliseconds(Int.random(in: 0...30_000, using: &random)))
            let length = Duration.milliseconds(Int.random(in: 20...6_000, using: &random))
            let delay = Duration.milliseconds(Int.random(in: 0..<8, using: &random) == 0 ? 5_000 : 20)
            let at = Duration.milliseconds(Int.random(in: 0...10_000, using: &random))
            let isInterrupting = Int.random(in: 0..<6, using: &random) == 0
            let interruption: Interruption =
                isInterrupting ? [.session, .output, .all].randomElement(using: &random) ?? .all : .none
            world.schedule(
                .add(job, length: length, audioAfter: delay, interrupting: interruption), at: at)
            if Int.random(in: 0..<5, using: &random) == 0 {
                world.schedule(.abort(job.id), at: at + .milliseconds(Int.random(in: 0...8_000, using: &random)))
            }
            jobs.append(job)
            lengths[job.id] = length
        }
        if Bool.random(using: &random) { brake(&world, sessions, &random) }
        return (world, jobs, lengths)
    }

    /// Brakes go on and off, and the policy changes.
    private static func brake(_ world: inout FloorWorld, _ sessions: [SessionID], _ random: inout Seeded) {
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let subject: BrakeSubject =
                switch Int.random(in: 0..<3, using: &random) {
                case 0: .everything
                case 1: .session(sessions.randomElement(using: &random) ?? .default)
                default: .output(OutputID("out_\(Int.random(in: 1...4, using: &random))"))
                }
            let at = Duration.milliseconds(Int.random(in: 0...15_000, using: &random))
            let lasting = Duration.milliseconds(Int.random(in: 1...5_000, using: &random))
            let endsByItself = Bool.random(using: &random)
            world.schedule(
                .brake(
                    Bool.random(using: &random) ? .paused : .held, subject, until: endsByItself ? at + lasting : nil),
                at: at)
            if !endsByItself { world.schedule(.brake(nil, subject, until: nil), at: at + lasting) }
            // The last word on each subject: nothing stays held for ever.
            world.schedule(.brake(nil, subject, until: nil), at: .seconds(25))
            let policy = TurnPolicy.allCases.randomElement(using: &random) ?? .fifo
            world.schedule(.policy(policy), at: at + lasting / 2)
        }
    }

    private static func manner(_ random: inout Seeded) -> FloorWorld.Manner {
        let after = Duration.milliseconds(Int.random(in: 0...5_000, using: &random))
        return switch Int.random(in: 0..<10, using: &random) {
        case 0: .slow(.milliseconds(Int.random(in: 0...2_000, using: &random)))
        case 1: .deaf
        case 2: .dies(after: after)
        case 3: .returns(after: after, away: .milliseconds(Int.random(in: 100...3_000, using: &random)))
        case 4: .fallsSilent(after: after)
        case 5: .stalls(times: Int.random(in: 1...5, using: &random))
        default: .honest
        }
    }

    private static func plan(_ random: inout Seeded) -> RoutePlan {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .allOf([.session, .any, .local])
        case 1: .nowhere
        case 2: .firstOf([.session])
        case 3: .firstOf([.listener(ListenerID("lis_1"))])
        default: .firstOf([.session, .any, .local])
        }
    }

    @Test(arguments: 0..<150)
    func `no two jobs sound on one output at once`(seed: Int) {
        var (world, _, _) = Self.world(seed: UInt64(seed))
        world.run(until: .seconds(600))
        for output in Set(world.sounded.map(\.output)) {
            let stretches = world.sounded.filter { $0.output == output }
            for (index, left) in stretches.enumerated() {
                for right in stretches[(index + 1)...] where left.job != right.job {
                    let overlap = min(left.end, right.end) - max(left.begin, right.begin)
                    #expect(overlap <= Self.tolerance, "\(left) and \(right)")
                }
            }
        }
    }

    @Test(arguments: 0..<150)
    func `every job ends exactly once`(seed: Int) {
        var (world, jobs, _) = Self.world(seed: UInt64(seed))
        world.run(until: .seconds(600))
        for job in jobs {
            #expect(world.ends[job.id]?.count == 1, "\(job.id): \(world.ends[job.id] ?? [])")
            #expect(world.starts[job.id] ?? 0 <= 1)
        }
        #expect(!world.isStuck)
        #expect(world.floor.remembersNothing)
    }

    /// How long a listener may play what it holds when it cannot be told: a page without a connection has 1 s.
    static func beyondReach(_ manner: FloorWorld.Manner?) -> Duration {
        if case .returns = manner { .seconds(1) } else { .zero }
    }

    @Test(arguments: 0..<150)
    func `nothing sounds of a job that has ended`(seed: Int) {
        var (world, _, _) = Self.world(seed: UInt64(seed))
        world.run(until: .seconds(600))
        for stretch in world.sounded {
            guard case .aborted = world.ends[stretch.job]?.first, let end = world.endedAt[stretch.job] else { continue }
            let tolerance = Self.tolerance + Self.beyondReach(world.manners[stretch.listener])
            #expect(stretch.end <= end + tolerance, "\(stretch) after \(end)")
            #expect(world.stopped.contains(stretch.job), "the engine of \(stretch.job) was not stopped")
        }
    }

    @Test(arguments: 0..<150)
    func `a finished job was heard from its start to its end without a gap`(seed: Int) {
        var (world, jobs, lengths) = Self.world(seed: UInt64(seed))
        world.run(until: .seconds(600))
        for job in jobs where job.route != .nowhere {
            guard case .finished = world.ends[job.id]?.first, let length = lengths[job.id] else { continue }
            var heardTo = Duration.zero
            for stretch in world.sounded.filter({ $0.job == job.id }).sorted(by: { $0.from < $1.from }) {
                #expect(stretch.from <= heardTo + Self.tolerance, "\(job.id) skips from \(heardTo) to \(stretch.from)")
                heardTo = max(heardTo, stretch.to)
            }
            #expect(heardTo >= length - Self.tolerance, "\(job.id) was heard to \(heardTo) of \(length)")
        }
    }

    @Test(arguments: 0..<150)
    func `a job sounds at two of its steps together for at most one window`(seed: Int) {
        var (world, jobs, _) = Self.world(seed: UInt64(seed))
        world.run(until: .seconds(600))
        for job in jobs {
            guard case .firstOf = job.route else { continue }
            let stretches = world.sounded.filter { $0.job == job.id }.sorted { $0.begin < $1.begin }
            for left in stretches {
                for right in stretches where left.claim < right.claim {
                    let overlap = min(left.end, right.end) - right.begin
                    #expect(overlap <= .milliseconds(1_500), "\(left) and \(right)")
                }
            }
        }
    }

    @Test(arguments: TurnPolicy.allCases)
    func `a job for two outputs is not starved by jobs for either`(policy: TurnPolicy) {
        var world = FloorWorld(policy: policy)
        for (number, session) in [("1", "a"), ("2", "b")] {
            world.addListener(
                ListenerDescription(
                    id: ListenerID("lis_\(number)"), kind: "test", scope: .session(SessionID(session)),
                    output: OutputID("out_\(number)")), .honest)
        }
        for number in 0..<200 {
            let job = WaitingJob(
                id: JobID("job_\(number)"), session: SessionID(number.isMultiple(of: 2) ? "a" : "b"), priority: 0,
                route: .firstOf([.session]))
            let at = Duration.milliseconds(number * 300)
            world.schedule(
                .add(job, length: .milliseconds(700 + number % 2 * 400), audioAfter: .milliseconds(5)), at: at)
        }
        let both = WaitingJob(
            id: JobID("both"), session: SessionID("c"),
            route: .allOf([.listener(ListenerID("lis_1")), .listener(ListenerID("lis_2"))]))
        world.schedule(.add(both, length: .seconds(1), audioAfter: .milliseconds(5)), at: .seconds(5))
        world.run(until: .seconds(600))
        guard case .finished(.confirmed, let listeners) = world.ends[both.id]?.first else {
            Issue.record("it ended \(world.ends[both.id] ?? [])")
            return
        }
        #expect(listeners.count == 2)
        let before = world.claims.prefix { $0 != both.id }.count
        #expect(before < 60, "\(before) jobs went before it")
    }
}
