import Testing

@testable import Gateway

@Suite struct PAIPlayerPartsTests {
    private static let rate = 1_000

    private static func loud(_ milliseconds: Int) -> [Int16] { Array(repeating: 5_000, count: milliseconds) }
    private static func quiet(_ milliseconds: Int) -> [Int16] { Array(repeating: 150, count: milliseconds) }

    private func pieces(of samples: [Int16], in step: Int) -> [[Int16]] {
        var cutter = PieceCutter(sampleRate: Self.rate)
        var pieces: [[Int16]] = []
        for start in stride(from: 0, to: samples.count, by: step) {
            pieces += cutter.add(Array(samples[start..<min(start + step, samples.count)]))
        }
        return pieces + [cutter.finish()].compactMap { $0 }
    }

    @Test(arguments: [7, 100, 100_000])
    func `a piece ends in a pause, and nothing of it is lost`(_ step: Int) {
        let samples =
            Self.loud(2_500) + Self.quiet(300) + Self.loud(500) + Self.quiet(149) + Self.loud(2_000) + Self.quiet(200)
        let pieces = pieces(of: samples, in: step)
        #expect(pieces.map(\.count) == [2_650, 2_949, 50])
        #expect(pieces.flatMap { $0 } == samples)
    }

    @Test func `speech without a pause is cut all the same`() {
        #expect(pieces(of: Self.loud(31_000), in: 500).map(\.count) == [15_000, 15_000, 1_000])
        #expect(pieces(of: [], in: 10).isEmpty)
    }

    @Test func `a player plays what it has and waits where it has nothing`() {
        var clock = PlayerClock(from: .seconds(1))
        #expect(clock.wantsMore && !clock.isOver)
        clock.add(.seconds(2))
        clock.advance(to: .seconds(50))
        #expect(clock.position == .seconds(1) && clock.wantsMore)
        clock.add(.seconds(3))
        #expect(!clock.wantsMore)
        clock.begin(at: .seconds(100))
        clock.advance(to: .seconds(102))
        #expect(clock.position == .seconds(3) && clock.wantsMore)
        clock.advance(to: .seconds(200))
        #expect(clock.position == .seconds(6) && !clock.isOver)
        clock.add(.seconds(1))
        clock.isComplete = true
        clock.advance(to: .seconds(200.5))
        #expect(clock.position == .seconds(6.5) && !clock.isOver)
        clock.advance(to: .seconds(201))
        #expect(clock.isOver)
    }
}
