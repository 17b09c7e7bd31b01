import Flow
import Hearing
import Testing
import VoiceCore
import VoiceTesting

@Suite struct HelperTests {
    @Test(arguments: [
        (
            "300 900 hey rupert",
            SpottedKeyword(phrase: "hey rupert", start: .milliseconds(300), end: .milliseconds(900))
        ),
        ("0 0 x", SpottedKeyword(phrase: "x", start: .zero, end: .zero)),
    ])
    func `a line tells a phrase and its time`(_ line: String, _ wanted: SpottedKeyword) {
        #expect(SpottedKeyword(line: line) == wanted)
    }

    @Test(arguments: ["", "hey", "300 hey rupert", "300 200 hey", "-1 2 hey", "a b hey"])
    func `another line tells nothing`(_ line: String) {
        #expect(SpottedKeyword(line: line) == nil)
    }

    @Test func `the usual recogniser is the one that was named, once it is there`() {
        let roster = TranscriberRoster([FakeTranscriber(name: "first")], usual: "mine", reserved: ["taken"])
        #expect(roster.transcriber(named: nil)?.name == "first" && roster.missing == "mine")
        #expect(roster.add(FakeTranscriber(name: "mine")) && !roster.add(FakeTranscriber(name: "mine")))
        #expect(!roster.add(FakeTranscriber(name: "taken")))
        #expect(roster.transcriber(named: nil)?.name == "mine" && roster.names == ["mine", "first"])
        #expect(roster.missing == nil && TranscriberRoster().missing == nil)
        roster.remove(named: "mine")
        #expect(roster.transcriber(named: nil)?.name == "first" && roster.transcriber(named: "mine") == nil)
        roster.lead(with: FakeTranscriber(name: "leader"))
        #expect(roster.transcriber(named: nil)?.name == "leader")
    }

    /// Hands on everything one piece late.
    private final class LateReducer: NoiseReducerStream {
        private let kept = Monitor<[Int16]>([])

        func clean(_ samples: [Int16]) async -> [Int16] {
            kept.update { kept in
                defer { kept = samples }
                return kept
            }
        }

        func finish() async -> [Int16] {
            kept.update { kept in
                defer { kept = [] }
                return kept
            }
        }
    }

    @Test func `what a reducer holds back is heard in its place when an utterance ends`() async throws {
        let format = SourceFormat(codec: .pcmS16, sampleRate: 16_000)
        let frames = SourceSound(format, [(false, 500), (true, 1_000), (false, 1_000)]).frames()
        var ends: [[Duration]] = []
        for isReduced in [false, true] {
            var ear = try SourceEar(format, detector: FakeDetector(), rules: SegmentRules())
            if isReduced { _ = try await ear.use(LateReducer()) }
            var findings: [SourceEar.Finding] = []
            for frame in frames { findings += try await ear.take(frame) }
            findings += try await ear.flush(at: .seconds(3))
            ends.append(
                findings.compactMap {
                    switch $0 {
                    case .speechStarted(let at, _): at
                    case .speechStopped(let at): at
                    default: nil
                    }
                })
        }
        #expect(ends[0] == ends[1] && ends[0].count == 2)
    }
}
