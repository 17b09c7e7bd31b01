import JSON
import Testing

@testable import hearsay

@Suite struct SourcesCommandTests {
    private func request(_ arguments: [String]) throws(UsageError) -> SourcesRequest {
        try SourcesRequest(try ArgumentParser(.sources).parse(arguments))
    }

    @Test(arguments: [
        ([], SourcesRequest.list), (["list"], .list), (["pause", "desk"], .order(.pause, ["desk"])),
        (["resume", "desk", "hall"], .order(.resume, ["desk", "hall"])), (["close", "desk"], .order(.close, ["desk"])),
        (["pause", "--all"], .orderAll(.pause)), (["--all", "resume"], .orderAll(.resume)),
    ])
    func `words and options say what is to be done`(arguments: [String], expected: SourcesRequest) throws {
        #expect(try request(arguments) == expected)
    }

    @Test(arguments: [
        ["desk"], ["list", "desk"], ["pause"], ["close"], ["--all"], ["close", "--all"], ["pause", "desk", "--all"],
    ])
    func `what makes no sense is a usage error`(arguments: [String]) {
        #expect(throws: UsageError.self) { try request(arguments) }
    }

    @Test func `a person reads who is heard, and who pauses`() {
        let desk: JSONValue = .object([
            "source_id": "desk", "session_id": "default", "speaker": "Ann\u{1B}[2J", "paused": true,
            "stt": .object(["engine": "big"]),
        ])
        #expect(SourcesCommand.row(desk) == ["desk", "Ann [2J", "default", "paused", "big"])
        let hall: JSONValue = .object(["source_id": "hall", "session_id": "far", "paused": false])
        #expect(SourcesCommand.row(hall) == ["hall", "-", "far", "heard", "usual"])
    }
}
