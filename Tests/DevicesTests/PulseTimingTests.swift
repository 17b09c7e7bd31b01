import Testing

@testable import Devices

@Suite struct PulseTimingTests {
    /// 1,000 samples a second, so that samples are milliseconds.
    private static func timing(_ taken: Int, delay: Int, isPlaying: Bool = true, gap: Int = 0) -> PulseTiming {
        PulseTiming(taken: taken, delay: delay, isPlaying: isPlaying, gap: gap, sampleRate: 1_000)
    }

    @Test func `nothing was played while a sink takes nothing, however long that is`() {
        let timing = Self.timing(0, delay: 970, isPlaying: false)
        for time in [0, 50, 1_000] { #expect(timing.played(after: .milliseconds(time)) == 0) }
    }

    @Test func `what lies in the sink was not played`() {
        #expect(Self.timing(40, delay: 30).played(after: .zero) == 10)
        #expect(Self.timing(40, delay: 60).played(after: .milliseconds(10)) == 0)
    }

    @Test func `time goes on after the answer, in a gap to what the sink has`() {
        #expect(Self.timing(40, delay: 30).played(after: .milliseconds(20)) == 30)
        #expect(Self.timing(40, delay: 30).played(after: .milliseconds(50)) == 60)
        #expect(Self.timing(40, delay: 30, isPlaying: false).played(after: .milliseconds(50)) == 40)
    }

    @Test func `without another answer it stops`() {
        #expect(Self.timing(900, delay: 800).played(after: .seconds(1)) == 200)
    }

    @Test func `all was played in a gap that is longer than the delay`() {
        #expect(Self.timing(40, delay: 30, isPlaying: false, gap: 31).played(after: .zero) == 40)
    }
}
