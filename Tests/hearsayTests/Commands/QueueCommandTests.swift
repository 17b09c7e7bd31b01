import JSON
import Testing
import VoiceCore

@testable import hearsay

@Suite struct QueueCommandTests {
    private func change(_ arguments: String...) throws(UsageError) -> QueueChange {
        try Command.queueChange(try ArgumentParser(.queue).parse(arguments))
    }

    @Test func `words and options become one change`() throws {
        #expect(try change() == QueueChange())
        #expect(try change("--policy", "round-robin") == QueueChange(policy: .roundRobin))
        let pause = BrakeChange(subject: .everything, brake: .paused, duration: .seconds(1_800))
        #expect(try change("pause", "--for", "30m") == QueueChange(brake: pause))
        let hold = BrakeChange(subject: .session(SessionID("build")), brake: .held)
        #expect(try change("hold", "--session", "build") == QueueChange(brake: hold))
        let resume = BrakeChange(subject: .output(OutputID("local")), brake: nil)
        #expect(try change("resume", "--output", "local") == QueueChange(brake: resume))
    }

    @Test(arguments: [
        ["stop"], ["--policy", "random"], ["--session", "a"], ["--for", "5s"], ["resume", "--for", "5s"],
        ["pause", "--session", "a", "--output", "b"],
    ])
    func `what makes no sense is a usage error`(arguments: [String]) {
        #expect(throws: UsageError.self) { try Command.queueChange(ArgumentParser(.queue).parse(arguments)) }
    }

    @Test func `a person reads who speaks and who must wait`() throws {
        let queue: JSONValue = .object([
            "policy": "fifo", "depth": 1, "paused": true, "held": false, "for_ms": 61_000,
            "brakes": .array([.object(["session_id": "build", "held": true, "paused": false])]),
            "outputs": .array([.object(["output": "local", "job_id": "job_1", "depth": 1])]),
        ])
        let lines = Command.queueLines(queue)
        #expect(lines[0] == "fifo: 1 job waits, paused for 61 s more")
        #expect(lines[1] == "session build, held")
        #expect(lines[2].hasPrefix("OUTPUT") && lines[3].contains("job_1"))
    }
}
