import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1))) struct TimeTests {
    @Test func `waits double up to the cap, with at most half of them taken away by chance`() {
        for _ in 0..<100 {
            var backoff = Backoff(first: .milliseconds(250), cap: .seconds(2))
            for full in [250, 500, 1_000, 2_000, 2_000] {
                let wait = backoff.next()
                #expect(wait >= .milliseconds(full / 2) && wait <= .milliseconds(full))
            }
            backoff.reset()
            #expect(backoff.next() <= .milliseconds(250))
        }
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

    @Test(arguments: [
        ("2025-11-21T00:58:03.123Z", 1_763_686_683_123), ("2025-11-21T00:58Z", 1_763_686_680_000),
        ("2025-11-21", 1_763_683_200_000), ("1970-01-01T00:00:00Z", 0),
    ])
    func `a wall time is read from ISO 8601`(text: String, milliseconds: Int64) {
        #expect(WallTime(iso8601: text) == WallTime(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "T", "yesterday", "2025-11", "2025-13-01", "2025-1-1", "2025-11-21T", "2025-11-21T00:58",
        "2025-11-21T25:00Z",
        "2025-11-21T00:58:-3Z", "2025-11-21T00:58:nanZ", "2025-11-21T00:58:03+01:00", "２０２５-11-21",
    ])
    func `what is no wall time is not read as one`(text: String) {
        #expect(WallTime(iso8601: text) == nil)
    }

    @Test func `a duration is logged in milliseconds`() {
        #expect(Duration.microseconds(12_540).logText == "12.5ms")
    }
}
