import Hearing
import Testing

@Suite struct ArrivalTests {
    @Test func `the first frame may begin anywhere`() {
        var arrival = Arrival(sampleRate: 16_000)
        #expect(arrival.take(timestamp: 4_000, sampleCount: 320) == .apart(missing: nil))
        #expect(arrival.take(timestamp: 4_320, sampleCount: 320) == .following(silence: 0, known: 0))
        #expect(arrival.position == 4_640)
    }

    @Test func `what is known is heard once`() {
        var arrival = Arrival(sampleRate: 16_000, position: 1_000)
        #expect(arrival.take(timestamp: 680, sampleCount: 320) == .duplicate)
        #expect(arrival.take(timestamp: 900, sampleCount: 320) == .following(silence: 0, known: 100))
        #expect(arrival.take(timestamp: 0, sampleCount: 320) == .duplicate)
        #expect(arrival.position == 1_220)
    }

    @Test(arguments: [(3_200, Arrival.Verdict.following(silence: 3_200, known: 0)), (3_201, .apart(missing: 3_201))])
    func `silence stands for 200 ms and no more`(missing: Int, verdict: Arrival.Verdict) {
        var arrival = Arrival(sampleRate: 16_000, position: 0)
        #expect(arrival.take(timestamp: UInt32(missing), sampleCount: 160) == verdict)
        #expect(arrival.position == missing + 160)
    }

    @Test func `timestamps go on behind their largest number`() {
        let last = Int(UInt32.max) - 159
        var arrival = Arrival(sampleRate: 48_000, position: last)
        #expect(arrival.take(timestamp: UInt32(last), sampleCount: 480) == .following(silence: 0, known: 0))
        #expect(arrival.take(timestamp: 320, sampleCount: 480) == .following(silence: 0, known: 0))
        #expect(arrival.take(timestamp: UInt32(last), sampleCount: 480) == .duplicate)
        #expect(arrival.position == last + 960)
    }

    @Test func `what nobody minds is no gap`() {
        var arrival = Arrival(sampleRate: 16_000, position: 16_000)
        arrival.allowGap()
        #expect(arrival.take(timestamp: 0, sampleCount: 320) == .duplicate)
        #expect(arrival.take(timestamp: 800_000, sampleCount: 320) == .apart(missing: nil))
        #expect(arrival.take(timestamp: 900_000, sampleCount: 320) == .apart(missing: 99_680))
    }

    @Test func `any timestamps keep the place rising`() {
        var generator = SystemRandomNumberGenerator()
        var arrival = Arrival(sampleRate: 16_000)
        var last = 0
        for _ in 0..<10_000 {
            let verdict = arrival.take(timestamp: generator.next(), sampleCount: Int.random(in: 1...5_760))
            let position = arrival.position ?? 0
            #expect(verdict == .duplicate ? position == last : position > last)
            last = position
        }
    }
}
