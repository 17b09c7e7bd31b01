import Hearing
import Testing
import VoiceCore

@Suite struct UtteranceCutterTests {
    @Test func `an utterance holds exactly the samples that its places say`() async {
        let (utterances, source) = play([(30, 0.0), (40, 0.9), (60, 0.0), (50, 0.9), (60, 0.0)])
        #expect(utterances.count == 2)
        for utterance in utterances {
            let samples = await all(of: utterance.audio)
            #expect(samples == Array(source[utterance.start..<utterance.start + samples.count]))
            #expect(utterance.audio.isFinished)
            #expect(utterance.speechStart - utterance.start == 4_800)
        }
        #expect(utterances.map(\.audio.sampleCount) == [40 * 512 + 9_600, 50 * 512 + 9_600])
    }

    @Test func `the parts of a cut utterance follow each other without a gap`() async {
        let (utterances, source) = play([(1_500, 0.9), (40, 0.0)])
        #expect(utterances.count == 3)
        var joined: [Int16] = []
        for utterance in utterances { joined += await all(of: utterance.audio) }
        #expect(joined == Array(source[..<(1_500 * 512 + 4_800)]))
    }

    @Test func `a pause within an utterance is part of it`() async {
        let (utterances, source) = play([(20, 0.9), (14, 0.0), (20, 0.9), (40, 0.0)])
        #expect(utterances.count == 1)
        #expect(await all(of: utterances[0].audio) == Array(source[..<(54 * 512 + 4_800)]))
    }

    @Test func `a gap ends an utterance and places go on behind it`() {
        var cutter = UtteranceCutter()
        let loud = [Int16](repeating: 9_000, count: 512)
        var events: [UtteranceCutter.Event] = []
        for _ in 0..<10 { events += cutter.take(loud, probability: 0.9) }
        events += cutter.interrupt(gap: 8_000)
        for _ in 0..<10 { events += cutter.take(loud, probability: 0.9) }
        guard events.count == 3, case .ended(let first, _, false) = events[1], case .began(let second) = events[2]
        else {
            Issue.record("\(events.count) events")
            return
        }
        #expect(first.audio.sampleCount == 5_120)
        #expect(first.audio.isFinished)
        #expect(second.start == 13_120)
    }

    @Test func `what speaks for an utterance is counted`() throws {
        let (utterances, _) = play([(20, 0.0), (40, 0.9), (40, 0.0)])
        let evidence = try #require(utterances.first?.evidence)
        #expect(evidence.voiced == .milliseconds(40 * 32))
        #expect(evidence.bestProbability == 0.9)
    }

    /// Samples that all differ from their neighbours, so that a shift shows.
    private func play(
        _ parts: [(count: Int, probability: Double)]
    ) -> (ended: [UtteranceCutter.Utterance], source: [Int16]) {
        var cutter = UtteranceCutter()
        var ended: [UtteranceCutter.Utterance] = []
        var source: [Int16] = []
        for part in parts {
            for _ in 0..<part.count {
                let window = (0..<512).map { Int16(truncatingIfNeeded: (source.count + $0) &* 7_919) }
                source += window
                for case .ended(let utterance, _, _) in cutter.take(window, probability: part.probability) {
                    ended.append(utterance)
                }
            }
        }
        return (ended, source)
    }

    private func all(of audio: UtteranceAudio) async -> [Int16] {
        var samples: [Int16] = []
        while let next = await audio.samples(from: samples.count, atMost: 1_600) { samples += next }
        return samples
    }
}
