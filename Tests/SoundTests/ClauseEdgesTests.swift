import Sound
import Testing

@Suite struct ClauseEdgesTests {
    private let format = AudioFormat(sampleRate: 8_000)
    /// 25 ms and 5 ms.
    private let margin = 200
    private let fade = 40

    private func trimmed(_ samples: [Int16], by pieceLength: Int) -> (samples: [Int16], start: Duration?) {
        var edges = ClauseEdges(format)
        var result: [Int16] = []
        for start in stride(from: 0, to: samples.count, by: pieceLength) {
            result += edges.take(Array(samples[start..<min(samples.count, start + pieceLength)]))
        }
        result += edges.finish()
        return (result, edges.trimmedStart)
    }

    private func clause(before: Int, sound: Int, pause: Int = 0, after: Int) -> [Int16] {
        let silence = { (count: Int) in [Int16](repeating: 7, count: count) }
        let loud = [Int16](repeating: 5_000, count: sound)
        return silence(before) + loud + (pause > 0 ? silence(pause) + loud : []) + silence(after)
    }

    @Test(arguments: [1, 7, 160, 4_000, 100_000])
    func `silence at the ends is cut to the margins, and pauses within stay`(pieceLength: Int) {
        let (samples, start) = trimmed(
            clause(before: 1_800, sound: 900, pause: 3_000, after: 2_000), by: pieceLength)
        #expect(samples.count == margin + 900 + 3_000 + 900 + margin)
        #expect(start == format.duration(of: 1_800 - margin))
        #expect(samples[margin..<margin + 900].allSatisfy { $0 == 5_000 })
        #expect(samples[margin + 900..<margin + 3_900].allSatisfy { $0 == 7 })
    }

    @Test(arguments: [1, 30, 100_000])
    func `a sound without silence around it is faded at both ends`(pieceLength: Int) {
        let (samples, start) = trimmed(clause(before: 0, sound: 1_000, after: 0), by: pieceLength)
        #expect(samples.count == 1_000 && start == .zero)
        #expect(samples.first == 0 && samples.last == 0)
        #expect(samples[fade..<1_000 - fade].allSatisfy { $0 == 5_000 })
        #expect(zip(samples, samples.dropFirst()).allSatisfy { abs(Int($0) - Int($1)) <= 5_000 / fade + 1 })
    }

    @Test(arguments: [[], Array(repeating: 3, count: 20_000), [0, 99, -100]] as [[Int16]])
    func `what has no sound gives nothing`(samples: [Int16]) {
        let (result, start) = trimmed(samples, by: 50)
        #expect(result.isEmpty && start == nil)
    }

    @Test func `sound leaves as soon as it cannot be the end`() {
        var edges = ClauseEdges(format)
        #expect(edges.take(Array(repeating: 0, count: 4_000)).isEmpty)
        #expect(edges.take(Array(repeating: 5_000, count: 400)).count == margin + 400 - fade)
    }
}
