import Flow
import Remote
import Testing
import VoiceCore
import Wire

@testable import hearsay

@Suite struct SayVerdictTests {
    private static func failed(_ code: String, delivered: String = "") -> SpeakOutcome {
        .failed(code: code, message: "m", delivered: delivered, unspoken: "rest", position: .seconds(1))
    }

    @Test(arguments: [
        (SpeakOutcome.finished(heard: "confirmed", duration: .seconds(1)), ExitCode.success),
        (.finished(heard: "assumed", duration: .seconds(1)), .success),
        (failed("no_listener"), .nobodyHeard),
        (failed("not_heard"), .nobodyHeard),
        (failed("not_heard", delivered: "some"), .partlyHeard),
        (failed("server_stopping", delivered: "some"), .partlyHeard),
        (failed("engine_failed", delivered: "some"), .engineFailed),
        (failed("engine_failed"), .engineFailed),
        (.aborted(reason: "requested", delivered: "", unspoken: "x", position: .zero), .aborted),
        (.lost(position: .seconds(2)), .unknown),
    ])
    func `each end has its exit code`(outcome: SpeakOutcome, code: ExitCode) {
        #expect(SayVerdict(outcome, link: nil).exitCode == code)
    }

    @Test func `nobody there is answered with what to do`() throws {
        let failure = try #require(SayVerdict(Self.failed("no_listener"), link: "http://x/player#token=t").failure)
        #expect(failure.advice.contains { $0.contains("http://x/player#token=t") })
        #expect(failure.advice.contains { $0.contains("hearsay doctor") })
    }

    @Test func `a lost server is told with the last confirmed position`() throws {
        let failure = try #require(SayVerdict(.lost(position: .milliseconds(2_300)), link: nil).failure)
        #expect(failure.message.contains("2.3 s"))
    }
}

@Suite struct SayOrderTests {
    private func order(_ values: [String: [String]]) throws -> SpeakRequest {
        try SayCommand.order(ParsedArguments(values: values), voice: nil, text: "hello").request
    }

    @Test func `it waits three seconds for somebody to hear unless told otherwise`() throws {
        #expect(try order([:]).expiresIn == .seconds(3))
        #expect(try order(["expires": ["1m"]]).expiresIn == .seconds(60))
    }

    @Test(arguments: [
        (["auto"], DeliveryChoice.auto), (["all"], .all), (["none"], .none),
        (["session,local"], .steps([.session, .local])),
        (["any", "lis_x"], .steps([.any, .listener(.init("lis_x"))])),
    ])
    func `places are given as words, lists or ids`(values: [String], choice: DeliveryChoice) throws {
        #expect(try order(["deliver": values]).delivery == choice)
    }

    @Test func `a file has no other place`() {
        #expect(throws: UsageError.conflict("--wav", "--deliver")) {
            try order(["wav": ["x.wav"], "deliver": ["all"]])
        }
    }
}

@Suite struct SayReportTests {
    private let written = Monitor<[String]>([])

    private func output(isJSON: Bool = false) -> Output {
        var output = Output(isTerminal: false) { [written] _, text in
            written.withLock { $0.append(text) }
            return true
        }
        output.isJSON = isJSON
        return output
    }

    @Test func `the sentence tells where, how soon and how long`() async {
        let report = SayReport(text: "Good morning.", output: output())
        let place = Place(id: "lis_1", kind: "browser", name: "Chromium on Linux")
        await report.take(.started(places: [place], delay: .milliseconds(84)))
        let code = await report.end(.finished(heard: "confirmed", duration: .milliseconds(2_310)), link: nil)
        #expect(code == .success)
        #expect(
            written.withLock { $0 } == ["heard in the browser \"Chromium on Linux\" · began after 84 ms · 2.3 s\n"])
    }

    @Test func `a sentence that moved tells both places`() async {
        let report = SayReport(text: "x", output: output())
        await report.take(.started(places: [Place(id: "a", kind: "browser")], delay: .milliseconds(9)))
        await report.take(.moved(places: [Place(id: "b", kind: "speaker")], position: .seconds(1)))
        _ = await report.end(.finished(heard: "confirmed", duration: .seconds(2)), link: nil)
        #expect(written.withLock { $0 }[0].contains("in the browser, then on the server's speaker"))
    }

    @Test func `json is one object a line and ends with the exit code`() async {
        let report = SayReport(text: "x", output: output(isJSON: true))
        await report.take(.accepted(JobID("job_1"), position: 0, estimatedWait: nil))
        _ = await report.end(.lost(position: .milliseconds(700)), link: nil)
        let lines = written.withLock { $0 }
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}\n") })
        #expect(lines[1].contains("\"exit_code\":9") && lines[1].contains("\"position_ms\":700"))
    }
}
