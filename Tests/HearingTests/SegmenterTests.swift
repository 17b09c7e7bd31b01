import Hearing
import Testing
import VoiceCore

@Suite struct SegmenterTests {
    private static let window = SpeechWindow.sampleCount
    /// 300 ms before the speech and after it.
    private static let roll = 4_800

    @Test func `an utterance begins before its first speech and ends after its last`() {
        let actions = play([(20, 0.0), (30, 0.9), (30, 0.0)])
        #expect(
            actions == [
                .begin(audio: 20 * Self.window - Self.roll, speech: 20 * Self.window),
                .end(audio: 50 * Self.window + Self.roll, speech: 50 * Self.window),
            ])
    }

    @Test func `nothing lies before the source's beginning`() {
        #expect(play([(10, 0.9)]) == [.begin(audio: 0, speech: 0)])
    }

    @Test func `a pause shorter than the limit does not end an utterance`() {
        let actions = play([(20, 0.9), (14, 0.0), (20, 0.9), (40, 0.0)])
        #expect(actions.count == 2)
        #expect(actions.last == .end(audio: 54 * Self.window + Self.roll, speech: 54 * Self.window))
    }

    @Test func `two utterances share no sample, however short the pause between them`() {
        var rules = SegmentRules()
        rules.minimumSilence = .milliseconds(320)
        rules.postRoll = .milliseconds(300)
        rules.preRoll = .milliseconds(1_000)
        let actions = play([(20, 0.9), (11, 0.0), (20, 0.9), (20, 0.0)], rules)
        guard actions.count == 4, case .end(let end, _) = actions[1], case .begin(let next, _) = actions[2] else {
            Issue.record("\(actions)")
            return
        }
        #expect(end == next)
    }

    @Test func `a click is told and makes no utterance`() {
        #expect(play([(20, 0.0), (2, 0.9), (20, 0.0)]) == [.tooShort(audio: 20 * Self.window)])
    }

    @Test func `a stop within a short word does not lose the word`() {
        let actions = play([(20, 0.0), (2, 0.9), (1, 0.1), (2, 0.9), (30, 0.0)])
        #expect(actions.count == 2)
        #expect(actions.first == .begin(audio: 20 * Self.window - Self.roll, speech: 20 * Self.window))
    }

    @Test func `speech that gets less likely goes on until it is clearly less`() {
        let actions = play([(10, 0.9), (50, 0.4), (40, 0.0)])
        #expect(actions.last == .end(audio: 60 * Self.window + Self.roll, speech: 60 * Self.window))
    }

    @Test func `a long utterance is cut where it is quiet, and nothing is lost between its parts`() {
        var segmenter = Segmenter()
        var cuts: [Int] = []
        // 60 s without a pause, with one quiet window every 2 s.
        for index in 0..<1_875 {
            let isQuiet = index % 62 == 0
            let window = Segmenter.Window(probability: 0.9, level: isQuiet ? -40 : -20)
            for action in segmenter.take(window) {
                if case .cut(let audio) = action { cuts.append(audio) }
            }
        }
        #expect(cuts.count >= 2)
        for cut in cuts { #expect((cut / Self.window - 1) % 62 == 0) }
        for (first, second) in zip([0] + cuts, cuts) {
            #expect(second - first <= Duration.seconds(20).sampleCount)
            #expect(second - first >= Duration.seconds(15).sampleCount)
        }
    }

    @Test func `speech without any quiet place is cut when it is as long as it may be`() {
        var rules = SegmentRules()
        rules.longest = .seconds(4)
        var louder = -30.0
        var segmenter = Segmenter(rules)
        var actions: [Segmenter.Action] = []
        for _ in 0..<240 {
            louder += 0.1
            actions += segmenter.take(Segmenter.Window(probability: 0.9, level: louder))
        }
        #expect(actions == [.begin(audio: 0, speech: 0), .cut(audio: 64_000)])
    }

    @Test func `a source says what is speech and how long it may go on`() {
        let usual = SegmentRules(VoiceDetectionSettings())
        #expect(usual == SegmentRules().bounded)
        let rules = SegmentRules(
            VoiceDetectionSettings(minimumSpeech: .milliseconds(400), longest: .seconds(30), pad: .milliseconds(500)))
        #expect((rules.minimumSpeech, rules.longest) == (.milliseconds(400), .seconds(30)))
        #expect((rules.preRoll, rules.postRoll) == (.milliseconds(500), .milliseconds(500)))
        #expect(SegmentRules(VoiceDetectionSettings(minimumSpeech: .zero, longest: .zero)).longest == .seconds(2))
    }

    @Test func `a gap ends what was under way, and what follows begins after it`() {
        var segmenter = Segmenter()
        var actions: [Segmenter.Action] = []
        for _ in 0..<10 { actions += segmenter.take(.init(probability: 0.9, level: -20)) }
        actions += segmenter.interrupt(gap: 16_000)
        for _ in 0..<10 { actions += segmenter.take(.init(probability: 0.9, level: -20)) }
        let end = 10 * Self.window
        #expect(
            actions == [
                .begin(audio: 0, speech: 0), .end(audio: end, speech: end),
                .begin(audio: end + 16_000, speech: end + 16_000),
            ])
    }

    @Test(arguments: [Double.nan, -1, 7])
    func `rules that cannot be kept are brought within bounds`(_ value: Double) {
        var rules = SegmentRules()
        rules.threshold = value
        rules.longest = .seconds(100_000)
        rules.postRoll = .seconds(9)
        rules.preRoll = .zero
        let bounded = rules.bounded
        #expect((0.05...0.95).contains(bounded.threshold))
        #expect(bounded.longest == .seconds(50))
        #expect(bounded.postRoll <= bounded.minimumSilence)
        #expect(bounded.preRoll == .milliseconds(300))
    }

    private func play(
        _ parts: [(count: Int, probability: Double)], _ rules: SegmentRules = SegmentRules()
    ) -> [Segmenter.Action] {
        var segmenter = Segmenter(rules)
        return parts.flatMap { part in
            (0..<part.count).flatMap { _ in
                segmenter.take(.init(probability: part.probability, level: part.probability > 0.5 ? -20 : -60))
            }
        }
    }
}
