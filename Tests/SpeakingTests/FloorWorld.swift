import VoiceCore

@testable import Speaking

/// A world of simulated listeners around a `Floor`: time passes in events, nothing waits.
///
/// It keeps what sounded where, so that tests can hold it against the rules.
struct FloorWorld {
    /// How a listener behaves.
    enum Manner: Hashable {
        case honest
        /// Confirms and plays later than asked.
        case slow(Duration)
        /// Plays nothing and says nothing.
        case deaf
        /// Plays nothing so many times, and says each time so much later that it is ready again.
        case stalls(times: Int, away: Duration = .milliseconds(200))
        /// Its connection is cut so long after it began.
        case dies(after: Duration)
        /// Like `dies`, and comes back to resume.
        case returns(after: Duration, away: Duration)
        /// Plays, but stops reporting after a while.
        case fallsSilent(after: Duration)
        /// Has no reports of its own; its adapter assumes.
        case assumed
    }

    /// A stretch of a job that left a loudspeaker.
    struct Sounded: Hashable {
        let job: JobID
        let listener: ListenerID
        let output: OutputID
        let begin: Duration
        var end: Duration
        /// In job time.
        let from: Duration
        /// Counts the claims of the job.
        let claim: Int

        var to: Duration { from + (end - begin) }
    }

    enum Happening {
        case add(WaitingJob, length: Duration, audioAfter: Duration, interrupting: Interruption = .none)
        case audio(JobID)
        case complete(JobID)
        case ready(ListenerID, Bool)
        case begin(ListenerID, JobID, from: Duration, play: Int)
        case progress(ListenerID, JobID, play: Int)
        case finish(ListenerID, JobID, play: Int)
        case flushed(ListenerID, JobID, at: Duration)
        case cut(ListenerID, JobID, play: Int)
        /// A listener without a connection has played all it held.
        case runDry(ListenerID, play: Int)
        case comeBack(ListenerID, JobID, received: Duration)
        case abort(JobID)
        case abortAll(AbortScope)
        case brake(Brake?, BrakeSubject, until: Duration?)
        case policy(TurnPolicy)
        case tick
    }

    private struct Playing {
        let job: JobID
        let number: Int
        let index: Int?
        let began: Duration
        let from: Duration
    }

    private(set) var floor: Floor
    private(set) var now = Duration.zero
    private(set) var sounded: [Sounded] = []
    private(set) var ends: [JobID: [Floor.Ending]] = [:]
    private(set) var starts: [JobID: Int] = [:]
    private(set) var claims: [JobID] = []
    /// Whose engine was told to stop.
    private(set) var stopped: Set<JobID> = []
    private(set) var holds: [JobID: [HeldReason]] = [:]
    /// Whether time stood still: a deadline that `tick` does not remove.
    private(set) var isStuck = false
    private var steps = 0
    private(set) var endedAt: [JobID: Duration] = [:]
    var manners: [ListenerID: Manner] = [:]
    private var lengths: [JobID: Duration] = [:]
    private var audioDelays: [JobID: Duration] = [:]
    private var agenda: [(at: Duration, number: Int, what: Happening)] = []
    private var scheduled = 0
    private var plays = 0
    private var playing: [ListenerID: Playing] = [:]

    init(policy: TurnPolicy = .roundRobin) {
        floor = Floor(policy: policy)
    }

    mutating func addListener(_ description: ListenerDescription, _ manner: Manner, isReady: Bool = true) {
        var description = description
        description.reportsPlayback = manner != .assumed
        manners[description.id] = manner
        perform(floor.attach(FloorListener(description), at: now))
        if isReady { perform(floor.setReady(true, description.id, at: now)) }
    }

    mutating func schedule(_ what: Happening, at time: Duration) {
        scheduled += 1
        agenda.append((time, scheduled, what))
    }

    /// Lets everything happen until nothing is left or `end` has come.
    mutating func run(until end: Duration) {
        while let next = agenda.indices.min(by: { key(agenda[$0]) < key(agenda[$1]) }) {
            steps += 1
            isStuck = steps > 5_000
            guard !isStuck else { return }
            let deadline = floor.nextDeadline(after: now)
            if let deadline, deadline <= agenda[next].at {
                now = max(now, deadline)
                guard now <= end else { return }
                perform(floor.tick(at: now))
                continue
            }
            let happening = agenda.remove(at: next)
            guard happening.at <= end else { return }
            now = max(now, happening.at)
            happen(happening.what)
        }
        while let deadline = floor.nextDeadline(after: now), deadline <= end {
            steps += 1
            isStuck = steps > 5_000
            guard !isStuck else { return }
            now = max(now, deadline)
            perform(floor.tick(at: now))
            if !agenda.isEmpty { return run(until: end) }
        }
    }

    private func key(_ item: (at: Duration, number: Int, what: Happening)) -> (Duration, Int) { (item.at, item.number) }

    private mutating func happen(_ what: Happening) {
        switch what {
        case .add(let job, let length, let audioAfter, let interruption):
            lengths[job.id] = length
            audioDelays[job.id] = audioAfter
            perform(floor.add(job, interrupting: interruption, covering: { _ in true }, at: now))
        case .audio(let id) where stopped.contains(id): break
        case .audio(let id):
            perform(floor.audioReady(id, at: now))
            perform(floor.audioGrew(id, AudioExtent(end: lengths[id] ?? .zero, isComplete: true), at: now))
        case .complete(let id):
            perform(floor.audioGrew(id, AudioExtent(end: lengths[id] ?? .zero, isComplete: true), at: now))
        case .ready(let id, let isReady):
            if !isReady { stop(id) }
            perform(floor.setReady(isReady, id, at: now))
        case .begin(let id, let job, let from, let play): begin(id, job, from, play)
        case .progress(let id, let job, let play): progress(id, job, play)
        case .finish(let id, let job, let play): finish(id, job, play)
        case .flushed(let id, let job, let position):
            perform(floor.report(.flushed(at: position), of: job, from: id, at: now))
        case .cut(let id, let job, let play): cut(id, job, play)
        case .runDry(let id, let play): if playing[id]?.number == play { stop(id) }
        case .comeBack(let id, let job, let received): comeBack(id, job, received)
        case .abort(let id): perform(floor.abort([id], .requested, at: now))
        case .abortAll(let scope): perform(floor.abort(floor.jobs(in: scope), .requested, at: now))
        case .brake(let brake?, let subject, let end): perform(floor.put(brake, on: subject, until: end, at: now) ?? [])
        case .brake(nil, let subject, _): perform(floor.release(subject, at: now))
        case .policy(let policy): perform(floor.setPolicy(policy, at: now))
        case .tick: perform(floor.tick(at: now))
        }
    }

    private mutating func perform(_ actions: [Floor.Action]) {
        for action in actions {
            switch action {
            case .prepare(let id): schedule(.audio(id), at: now + (audioDelays[id] ?? .zero))
            case .play(let id, let listeners, let from):
                claims.append(id)
                for listener in listeners { play(id, on: listener, from: from) }
            case .resume(let id, let listener, let from): play(id, on: listener, from: from)
            case .makeSilently(let id): schedule(.complete(id), at: now + .milliseconds(10))
            case .flush(let id, let listener): flush(id, listener)
            case .started(let id, _): starts[id, default: 0] += 1
            case .end(let id, let ending):
                ends[id, default: []].append(ending)
                endedAt[id] = now
            case .stop(let id): stopped.insert(id)
            case .held(let id, let reason): holds[id, default: []].append(reason)
            case .distrust(let listener, _, _):
                if case .stalls(_, let away) = manners[listener] { schedule(.ready(listener, true), at: now + away) }
            case .released, .moved, .progressed: break
            }
        }
    }

    /// The jobs by when they began to sound.
    var audible: [JobID] {
        sounded.sorted { $0.begin < $1.begin }.reduce(into: []) { order, stretch in
            if order.last != stretch.job { order.append(stretch.job) }
        }
    }

    // MARK: Listeners

    private mutating func play(_ job: JobID, on id: ListenerID, from: Duration) {
        guard let manner = manners[id], manner != .deaf else { return }
        if case .stalls(let times, let away) = manner, times > 0 {
            manners[id] = .stalls(times: times - 1, away: away)
            return
        }
        plays += 1
        if case .returns = manner, playing[id]?.job == job {
            return resume(job, on: id, from: from)
        }
        var delay = Duration.milliseconds(30)
        if case .slow(let extra) = manner { delay += extra }
        playing[id] = Playing(job: job, number: plays, index: nil, began: now, from: from)
        schedule(.begin(id, job, from: from, play: plays), at: now + delay)
    }

    /// The page plays what it holds without a break; the server's new audio is appended.
    private mutating func resume(_ job: JobID, on id: ListenerID, from: Duration) {
        guard let old = playing[id] else { return }
        playing[id] = Playing(job: job, number: plays, index: old.index, began: old.began, from: old.from)
        scheduleReports(id, job, plays)
    }

    private mutating func begin(_ id: ListenerID, _ job: JobID, _ from: Duration, _ play: Int) {
        guard let order = playing[id], order.number == play, let output = floor.listeners[id]?.output else { return }
        sounded.append(
            Sounded(
                job: job, listener: id, output: output, begin: now, end: now, from: from,
                claim: claims.count { $0 == job }))
        playing[id] = Playing(job: job, number: play, index: sounded.count - 1, began: now, from: from)
        perform(floor.report(.started(at: from), of: job, from: id, at: now))
        scheduleReports(id, job, play)
        switch manners[id] {
        case .dies(let after), .returns(let after, _): schedule(.cut(id, job, play: play), at: now + after)
        default: break
        }
    }

    private mutating func scheduleReports(_ id: ListenerID, _ job: JobID, _ play: Int) {
        guard let order = playing[id] else { return }
        let end = order.began + (lengths[job] ?? .zero) - order.from
        schedule(.finish(id, job, play: play), at: max(now, end))
        schedule(.progress(id, job, play: play), at: now + .milliseconds(250))
    }

    private func position(_ order: Playing) -> Duration { order.from + (now - order.began) }

    private mutating func progress(_ id: ListenerID, _ job: JobID, _ play: Int) {
        guard let order = playing[id], order.number == play else { return }
        if let index = order.index { sounded[index].end = now }
        if case .fallsSilent(let after) = manners[id], now - order.began >= after { return }
        perform(floor.report(.progress(at: position(order)), of: job, from: id, at: now))
        schedule(.progress(id, job, play: play), at: now + .milliseconds(250))
    }

    private mutating func finish(_ id: ListenerID, _ job: JobID, _ play: Int) {
        guard let order = playing[id], order.number == play else { return }
        if let index = order.index { sounded[index].end = now }
        playing[id] = nil
        if case .fallsSilent(let after) = manners[id], now - order.began >= after { return }
        perform(floor.report(.finished(at: lengths[job] ?? .zero), of: job, from: id, at: now))
    }

    private mutating func flush(_ job: JobID, _ id: ListenerID) {
        guard let order = playing[id], order.job == job else { return }
        let at = order.index == nil ? order.from : position(order)
        stop(id)
        schedule(.flushed(id, job, at: at), at: now + .milliseconds(5))
    }

    private mutating func stop(_ id: ListenerID) {
        guard let order = playing.removeValue(forKey: id), let index = order.index else { return }
        sounded[index].end = now
    }

    private mutating func cut(_ id: ListenerID, _ job: JobID, _ play: Int) {
        guard let order = playing[id], order.number == play else { return }
        if case .returns(_, let away) = manners[id] {
            perform(floor.report(.gone, of: job, from: id, at: now))
            let received = min(lengths[job] ?? .zero, position(order) + .seconds(1))
            schedule(.runDry(id, play: play), at: now + received - position(order))
            schedule(.comeBack(id, job, received: received), at: now + away)
            return
        }
        stop(id)
        perform(floor.detach(id, at: now))
    }

    private mutating func comeBack(_ id: ListenerID, _ job: JobID, _ received: Duration) {
        if let actions = floor.resume(id, Resumption(job: job, received: received), at: now) {
            perform(actions)
        } else {
            stop(id)
        }
        perform(floor.setReady(true, id, at: now))
    }
}
