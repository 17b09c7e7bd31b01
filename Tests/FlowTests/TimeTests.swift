import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1))) struct TimeTests {
    /// Always gives the largest or the smallest number.
    private struct Fixed: RandomNumberGenerator {
        let value: UInt64
        mutating func next() -> UInt64 { value }
    }

    @Test func `waits double up to the cap, with at most half of them taken away by chance`() {
        var backoff = Backoff(first: .milliseconds(250), cap: .seconds(2))
        var low = Fixed(value: 0)
        let shortest = (0..<5).map { _ in backoff.next(using: &low) }
        #expect(shortest == [.milliseconds(125), .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(1)])
        backoff.reset()
        #expect(backoff.next(using: &low) == .milliseconds(125))
    }

    @Test func `an alarm wakes at its time, not before`() async {
        let time = Monitor(Duration.zero)
        let timeline = Timeline(now: { time.withLock { $0 } }) { end in
            _ = await time.wait { $0 >= end ? true : nil }
        }
        let alarm = Alarm(timeline: timeline)
        alarm.set(.seconds(5))
        async let woken: Void = alarm.wait()
        time.update { $0 = .seconds(4) }
        alarm.set(.seconds(6))
        time.update { $0 = .seconds(6) }
        await woken
        #expect(timeline.now == .seconds(6))
    }

    @Test func `what takes too long is cancelled`() async {
        let result: Int? = await Timeline.live().limit(.milliseconds(10)) {
            await Latch().wait()
            return 1
        }
        #expect(result == nil)
    }

    @Test func `a wall time is shown as ISO 8601`() {
        #expect(WallTime(milliseconds: 1_763_686_683_123).iso8601 == "2025-11-21T00:58:03.123Z")
        #expect(WallTime(milliseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
    }

    @Test func `a duration is logged in milliseconds`() {
        #expect(Duration.microseconds(12_540).logText == "12.5ms")
    }
}
