import Flow
import SpokenText
import Testing
import VoiceCore
import VoiceTesting

@testable import Speaking

@Suite struct GrowingTextTests {
    /// Adds tokens at once and takes what is complete after each.
    private func stretches(_ tokens: [String], closing: Bool = false) throws -> [String] {
        var text = GrowingText("", unspokenLimit: 65_536, at: .zero)
        var found: [String] = []
        for token in tokens {
            _ = try text.append(token, index: nil, at: .zero)
            while case .speak(let stretch) = text.next(at: .zero) { found.append(stretch.text) }
        }
        if closing { text.close() }
        while case .speak(let stretch) = text.next(at: .zero) { found.append(stretch.text) }
        return found
    }

    @Test(
        arguments: [
            (["Hello", " there", " everybody.", " Now"], ["Hello there everybody. "]),
            (["Hello there everybody. "], ["Hello there everybody. "]),
            (["It has version 3", ".14", " now", ".\n"], ["It has version 3.14 now.\n"]),
            (["We met Dr.", " Smith there", "."], []),
            (
                ["Steps to follow:\n", "1.", " Open", " the lid now. "],
                ["Steps to follow:\n", "1. Open the lid now. "]
            ),
            (["It is **very good. ", "Or is it** not?", " No"], ["It is **very good. Or is it** not? "]),
            (
                ["See [the page. ", "It is](https://example.org) for more. "],
                ["See [the page. It is](https://example.org) for more. "]
            ),
            (["Code follows now.\n", "```\na. b\n", "```\n"], ["Code follows now.\n", "```\na. b\n```\n"]),
            (["<spe", "ak>Hello there everybody. And you. "], []),
        ] as [([String], [String])])
    func `a clause is given out when it is complete, and no markup is torn`(tokens: [String], complete: [String]) throws
    {
        #expect(try stretches(tokens) == complete)
    }

    @Test(arguments: [
        "Hello there everybody. Now, what? 1. One\n2. Two **and. three** `x. y`\n\n```\na. b. c.\n```\nEnd",
        "<speak>Hello. There.</speak>", "no end of it", "",
    ])
    func `all stretches together are the text, however it came`(whole: String) throws {
        #expect(try stretches(whole.map(String.init), closing: true).joined() == whole)
        #expect(try stretches([whole], closing: true).joined() == whole)
    }

    @Test func `a text that stalls is spoken after 300 ms if it has eight words or a full stop`() throws {
        var text = GrowingText("one two three four five six seven eigh", unspokenLimit: 100, at: .zero)
        #expect(text.next(at: .zero) == .wait(until: .milliseconds(300)))
        #expect(text.next(at: .milliseconds(299)) == .wait(until: .milliseconds(300)))
        #expect(
            text.next(at: .milliseconds(300)) == .wait(until: .seconds(30)), "the eighth is not known to have ended")
        _ = try text.append("t ", index: nil, at: .seconds(1))
        #expect(
            text.next(at: .milliseconds(1_300))
                == .speak(.init(text: "one two three four five six seven eight ", offset: 0)))
        _ = try text.append("Done.", index: nil, at: .seconds(2))
        #expect(text.next(at: .milliseconds(2_300)) == .speak(.init(text: "Done.", offset: 40)))
    }

    @Test(arguments: [false, true])
    func `whoever falls silent or leaves has closed the text`(leaves: Bool) throws {
        var text = GrowingText("Not yet", unspokenLimit: 100, at: .zero)
        if leaves { text.leave(at: .seconds(1)) }
        let end = Duration.seconds(leaves ? 6 : 30)
        #expect(text.next(at: .seconds(1)) == .wait(until: end))
        #expect(text.next(at: end) == .speak(.init(text: "Not yet", offset: 0)))
        #expect(text.next(at: end) == .end)
        #expect(throws: SpeakRefusal.textClosed) { _ = try text.append("more", index: 0, at: end) }
    }

    @Test func `an addition from another connection goes on with the text`() throws {
        var text = GrowingText("Not yet", unspokenLimit: 100, at: .zero)
        text.leave(at: .seconds(1))
        _ = try text.append(" but soon", index: 0, at: .seconds(5))
        #expect(text.next(at: .seconds(7)) == .wait(until: .seconds(35)))
    }

    @Test func `repeats change nothing, gaps and too much are refused`() throws {
        var text = GrowingText("", unspokenLimit: 10, at: .zero)
        #expect(try text.append("Hello", index: 0, at: .zero))
        #expect(try !text.append("Hello", index: 0, at: .zero))
        #expect(throws: SpeakRefusal.missingText(index: 1)) { _ = try text.append("!", index: 2, at: .zero) }
        #expect(throws: SpeakRefusal.textTooLong(byteCount: 11, limit: 10)) {
            _ = try text.append(" there", index: 1, at: .zero)
        }
        #expect(try text.append(" you.", index: 1, at: .zero))
        text.close()
        #expect(text.next(at: .zero) == .speak(.init(text: "Hello you.", offset: 0)))
    }
}

@Suite struct FloorGrowingTests {
    private let first = JobID("job_a")
    private let second = JobID("job_b")
    private let ear = ListenerID("lis_a")

    private func floor() -> Floor {
        var floor = Floor()
        let description = ListenerDescription(id: ear, kind: "test", scope: .everyone, output: OutputID("ear"))
        _ = floor.attach(FloorListener(description), at: .zero)
        _ = floor.setReady(true, ear, at: .zero)
        return floor
    }

    private func add(_ id: JobID, _ session: String, to floor: inout Floor, at now: Duration) -> [Floor.Action] {
        let job = WaitingJob(id: id, session: SessionID(session), route: .firstOf([.any]))
        return floor.add(job, at: now) + floor.audioReady(id, at: now)
            + floor.audioGrew(id, AudioExtent(end: .seconds(1)), at: now)
    }

    @Test func `a job that has nothing left to say gives up its output, and goes on behind what was heard`() {
        var floor = floor()
        #expect(add(first, "a", to: &floor, at: .zero).contains(.play(first, on: [ear], from: .zero)))
        _ = floor.ranDry(first, at: .milliseconds(100))
        _ = add(second, "b", to: &floor, at: .milliseconds(200))
        _ = floor.report(.started(at: .zero), of: first, from: ear, at: .milliseconds(100))
        _ = floor.report(.progress(at: .milliseconds(900)), of: first, from: ear, at: .seconds(1))
        #expect(floor.nextDeadline(after: .seconds(1)) == .seconds(2))
        let given = floor.tick(at: .seconds(2))
        #expect(given == [.flush(first, on: ear)])
        let silent = floor.report(.flushed(at: .seconds(1)), of: first, from: ear, at: .milliseconds(2_010))
        #expect(silent == [.held(first, .waitingForText), .play(second, on: [ear], from: .zero)])

        _ = floor.audioGrew(first, AudioExtent(end: .seconds(2)), at: .seconds(3))
        #expect(floor.wentOn(first, at: .seconds(3)) == [.released(first)], "the other one is not cut")
        _ = floor.audioGrew(second, AudioExtent(end: .seconds(1), isComplete: true), at: .seconds(3))
        _ = floor.report(.started(at: .zero), of: second, from: ear, at: .seconds(3))
        let next = floor.report(.finished(at: .seconds(1)), of: second, from: ear, at: .seconds(4))
        #expect(next.contains(.play(first, on: [ear], from: .seconds(1))))
    }

    @Test func `a text that ends while its job waits for it is finished`() {
        var floor = floor()
        _ = add(first, "a", to: &floor, at: .zero)
        _ = floor.ranDry(first, at: .zero)
        _ = floor.report(.started(at: .zero), of: first, from: ear, at: .zero)
        _ = floor.report(.progress(at: .seconds(1)), of: first, from: ear, at: .seconds(1))
        _ = floor.tick(at: .seconds(2))
        _ = floor.report(.flushed(at: .seconds(1)), of: first, from: ear, at: .seconds(2))
        #expect(
            floor.textEnded(first, at: .seconds(1), now: .seconds(9)) == [.end(first, .finished(.confirmed, on: [ear]))]
        )
    }

    @Test func `text that comes while the job falls silent is not waited for`() {
        var floor = floor()
        _ = add(first, "a", to: &floor, at: .zero)
        _ = floor.ranDry(first, at: .zero)
        _ = floor.report(.started(at: .zero), of: first, from: ear, at: .zero)
        _ = floor.report(.progress(at: .seconds(1)), of: first, from: ear, at: .seconds(1))
        _ = floor.tick(at: .seconds(2))
        _ = floor.audioGrew(first, AudioExtent(end: .seconds(2)), at: .seconds(2))
        _ = floor.wentOn(first, at: .seconds(2))
        let silent = floor.report(.flushed(at: .seconds(1)), of: first, from: ear, at: .seconds(2))
        #expect(silent.contains(.play(first, on: [ear], from: .seconds(1))))
    }

    @Test func `text that came while the job sounded is not forgotten when its listener is lost`() {
        var floor = floor()
        _ = floor.add(WaitingJob(id: first, session: SessionID("a"), route: .firstOf([.any])), at: .zero)
        _ = floor.ranDry(first, at: .zero)
        _ = floor.audioReady(first, at: .zero)
        _ = floor.audioGrew(first, AudioExtent(end: .seconds(1)), at: .zero)
        _ = floor.wentOn(first, at: .zero)
        _ = floor.report(.started(at: .zero), of: first, from: ear, at: .zero)
        _ = floor.audioGrew(first, AudioExtent(end: .seconds(1), isComplete: true), at: .zero)
        _ = floor.detach(ear, at: .milliseconds(100))
        _ = floor.tick(at: .milliseconds(2_100))
        let description = ListenerDescription(id: ear, kind: "test", scope: .everyone, output: OutputID("ear"))
        _ = floor.attach(FloorListener(description), at: .seconds(3))
        _ = floor.setReady(true, ear, at: .seconds(3))
        _ = floor.report(.started(at: .zero), of: first, from: ear, at: .seconds(3))
        _ = floor.report(.progress(at: .milliseconds(900)), of: first, from: ear, at: .seconds(4))
        #expect(floor.tick(at: .milliseconds(5_100)).contains(.flush(first, on: ear)) == false, "it is complete")
    }

    @Test(arguments: 0..<300)
    func `a growing job has one end, whatever its writer and its listeners do`(seed: Int) {
        var world = GrowingWorld(seed: UInt64(seed))
        world.run()
        for id in world.jobs {
            #expect(world.ends[id]?.count == 1, "\(id) of world \(seed): \(world.ends[id] ?? [])")
        }
    }
}

/// Writers who stall, add and stop at random moments, and two listeners who come and go, in steps of 100 ms.
///
/// From 30 s on everybody behaves, and what was written is heard long before 200 s: a job without its end then has none.
private struct GrowingWorld {
    /// What a listener plays.
    private struct Playing {
        var job: JobID
        var position: Duration
        var hasReported = false
    }

    private static let step = Duration.milliseconds(100)

    private(set) var ends: [JobID: [Floor.Ending]] = [:]
    let jobs = [JobID("job_a"), JobID("job_b"), JobID("job_c")]
    private var floor = Floor()
    private var now = Duration.zero
    private var random: FloorPropertyTests.Seeded
    private var audio: [JobID: AudioExtent] = [:]
    /// Jobs whose synthesis waits for text.
    private var dry: Set<JobID> = []
    private var playing: [ListenerID: Playing] = [:]
    private let ears = [ListenerID("lis_a"), ListenerID("lis_b")]

    init(seed: UInt64) {
        random = FloorPropertyTests.Seeded(state: seed)
    }

    mutating func run() {
        for ear in ears { seat(ear) }
        for (number, id) in jobs.enumerated() {
            audio[id] = AudioExtent()
            dry.insert(id)
            let route = RoutePlan.firstOf([.any])
            let session = SessionID("ses_\(number)")
            perform(floor.add(WaitingJob(id: id, session: session, route: route, expiresIn: .seconds(50)), at: now))
            perform(floor.ranDry(id, at: now))
        }
        while now < .seconds(200) {
            for id in jobs { write(id, isLast: now >= .seconds(30)) }
            for ear in ears { listen(ear, isHonest: now >= .seconds(30)) }
            perform(floor.tick(at: now))
            now += Self.step
        }
    }

    private mutating func chance(_ times: Int) -> Bool { Int.random(in: 0..<times, using: &random) == 0 }

    private mutating func seat(_ ear: ListenerID) {
        let output = OutputID(ear.rawValue)
        let description = ListenerDescription(id: ear, kind: "test", scope: .everyone, output: output)
        perform(floor.attach(FloorListener(description), at: now))
        perform(floor.setReady(true, ear, at: now))
    }

    private mutating func write(_ id: JobID, isLast: Bool) {
        guard let extent = audio[id], !extent.isComplete else { return }
        if isLast || chance(100) {
            audio[id]?.isComplete = true
            if extent.end == .zero { perform(floor.audioReady(id, at: now)) }
            perform(floor.textEnded(id, at: extent.end, now: now))
            perform(floor.audioGrew(id, AudioExtent(end: extent.end, isComplete: true), at: now))
        } else if chance(15) {
            let grown = AudioExtent(end: extent.end + Self.step * Int.random(in: 1...30, using: &random))
            audio[id] = grown
            if extent.end == .zero {
                perform(floor.wentOn(id, at: now) + floor.audioReady(id, at: now))
                perform(floor.audioGrew(id, grown, at: now))
            } else {
                perform(floor.audioGrew(id, grown, at: now))
                if dry.contains(id) { perform(floor.wentOn(id, at: now)) }
            }
            dry.remove(id)
        } else if !dry.contains(id), chance(5) {
            dry.insert(id)
            perform(floor.ranDry(id, at: now))
        }
    }

    private mutating func listen(_ ear: ListenerID, isHonest: Bool) {
        if !isHonest, chance(60) {
            // Its page was closed, and another one is opened.
            playing[ear] = nil
            perform(floor.detach(ear, at: now))
            seat(ear)
        } else if isHonest, floor.listeners[ear]?.isReady == false {
            perform(floor.setReady(true, ear, at: now))
        }
        guard var order = playing[ear], let extent = audio[order.job], isHonest || !chance(3) else { return }
        let target = min(extent.end, order.position + Self.step)
        guard target > order.position || extent.isComplete else { return }
        order.position = target
        let isFirst = !order.hasReported
        order.hasReported = true
        playing[ear] = order
        let job = order.job
        if isFirst { perform(floor.report(.started(at: target), of: job, from: ear, at: now)) }
        perform(floor.report(.progress(at: target), of: job, from: ear, at: now))
        guard extent.isComplete, target >= extent.end, isHonest || chance(20) else { return }
        if playing[ear]?.job == job { playing[ear] = nil }
        perform(floor.report(.finished(at: target), of: job, from: ear, at: now))
    }

    private mutating func perform(_ actions: [Floor.Action]) {
        for action in actions {
            switch action {
            case .play(let id, let listeners, let position):
                for ear in listeners { playing[ear] = Playing(job: id, position: position) }
                perform(listeners.flatMap { floor.report(.sent, of: id, from: $0, at: now) })
            case .flush(let id, let ear):
                guard let order = playing[ear], order.job == id else { continue }
                playing[ear] = nil
                perform(floor.report(.flushed(at: order.position), of: id, from: ear, at: now))
            case .end(let id, let ending): ends[id, default: []].append(ending)
            default: break
            }
        }
    }
}
