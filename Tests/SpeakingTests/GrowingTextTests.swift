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
}
