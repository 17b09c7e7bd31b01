import Sound
import Testing
import VoiceCore

@testable import Devices

@Suite struct PlaybackRulesTests {
    /// 1,000 samples a second, so that samples are milliseconds; it begins at 5 s of the job.
    private static func rules(prebufferCount: Int = 0) -> PlaybackRules {
        PlaybackRules(
            format: AudioFormat(sampleRate: 1_000), firstSample: 5_000, prebufferCount: prebufferCount, at: .zero)
    }

    private static func reading(_ written: Int, _ taken: Int, _ played: Int) -> DeviceReading {
        DeviceReading(written: written, taken: taken, played: played)
    }

    @Test func `it starts when the first sample has left the device, not when it was written`() {
        var rules = Self.rules()
        #expect(rules.observe(Self.reading(0, 0, 0), .notWritten, at: .zero) == [])
        #expect(rules.observe(Self.reading(60, 30, 0), .notWritten, at: .milliseconds(10)) == [.sent])
        #expect(rules.observe(Self.reading(60, 31, 0), .notWritten, at: .milliseconds(20)) == [])
        #expect(
            rules.observe(Self.reading(60, 40, 3), .notWritten, at: .milliseconds(30)) == [.started(at: .seconds(5))])
    }

    @Test func `it is sent when the device takes it, not when it was written`() {
        var rules = Self.rules()
        #expect(rules.observe(Self.reading(60, 0, 0), .notWritten, at: .zero) == [])
        #expect(rules.observe(Self.reading(60, 20, 0), .notWritten, at: .milliseconds(900)) == [.sent])
    }

    @Test func `a device that first plays 2 s of silence is waited for`() {
        var rules = Self.rules()
        for delay in stride(from: 2_000, through: 20, by: -20) {
            let reading = DeviceReading(written: 60, taken: 0, played: 0, delay: delay)
            #expect(rules.observe(reading, .notWritten, at: .milliseconds(2_000 - delay)) == [])
        }
        #expect(
            rules.observe(Self.reading(60, 20, 1), .notWritten, at: .seconds(2)) == [.sent, .started(at: .seconds(5))])
    }

    @Test func `a delay that goes up and down is no movement`() {
        var rules = Self.rules()
        for time in 0..<50 {
            let reading = DeviceReading(written: 60, taken: 0, played: 0, delay: 40 - time % 2 * 20)
            #expect(rules.observe(reading, .notWritten, at: .milliseconds(20 * time)) == [])
        }
        let reading = DeviceReading(written: 60, taken: 0, played: 0, delay: 20)
        #expect(
            rules.observe(reading, .notWritten, at: .milliseconds(1_020)) == [.failed(reason: "device_stuck")])
    }

    @Test func `progress comes every 250 ms, also while the synthesis is behind`() {
        var rules = Self.rules()
        _ = rules.observe(Self.reading(60, 40, 1), .notWritten, at: .zero)
        #expect(rules.observe(Self.reading(60, 60, 60), .notWritten, at: .milliseconds(249)) == [])
        for time in [250, 500, 750, 1_000, 1_250, 1_500, 1_750] {
            #expect(
                rules.observe(Self.reading(60, 60, 60), .notWritten, at: .milliseconds(time))
                    == [.progress(at: .milliseconds(5_060))])
        }
    }

    @Test func `it has finished when the device is drained`() {
        var rules = Self.rules()
        _ = rules.observe(Self.reading(60, 40, 1), .draining, at: .zero)
        #expect(
            rules.observe(Self.reading(60, 60, 59), .drained, at: .milliseconds(60))
                == [.finished(at: .milliseconds(5_060))])
    }

    @Test func `audio too short to be seen playing has started before it finishes`() {
        var rules = Self.rules()
        #expect(
            rules.observe(Self.reading(2, 2, 0), .drained, at: .zero)
                == [.sent, .started(at: .seconds(5)), .finished(at: .milliseconds(5_002))])
    }

    @Test func `no audio at all finishes without having started`() {
        var rules = Self.rules()
        #expect(rules.observe(Self.reading(0, 0, 0), .drained, at: .zero) == [.finished(at: .seconds(5))])
    }

    @Test func `a device that takes nothing for a second has failed before its first sample`() {
        var rules = Self.rules()
        _ = rules.observe(Self.reading(60, 0, 0), .notWritten, at: .zero)
        #expect(rules.observe(Self.reading(60, 0, 0), .notWritten, at: .milliseconds(999)) == [])
        #expect(
            rules.observe(Self.reading(60, 0, 0), .notWritten, at: .seconds(1)) == [.failed(reason: "device_stuck")])
    }

    @Test func `a device that takes nothing for a second is gone after it`() {
        var rules = Self.rules()
        _ = rules.observe(Self.reading(60, 30, 1), .notWritten, at: .zero)
        _ = rules.observe(Self.reading(60, 31, 1), .notWritten, at: .milliseconds(500))
        #expect(rules.observe(Self.reading(60, 31, 1), .notWritten, at: .milliseconds(1_499)).last?.isLast == false)
        #expect(rules.observe(Self.reading(60, 31, 1), .notWritten, at: .milliseconds(1_500)).last == .gone)
    }

    @Test func `less than what a device begins with may lie there`() {
        var rules = Self.rules(prebufferCount: 20)
        _ = rules.observe(Self.reading(19, 0, 0), .notWritten, at: .zero)
        #expect(rules.observe(Self.reading(19, 0, 0), .notWritten, at: .seconds(5)) == [])
    }

    @Test func `a device that never says that it is drained has finished once all was played`() {
        var rules = Self.rules()
        _ = rules.observe(Self.reading(60, 60, 60), .draining, at: .zero)
        #expect(
            rules.observe(Self.reading(60, 60, 60), .draining, at: .seconds(1)).last
                == .finished(at: .milliseconds(5_060)))
    }
}
