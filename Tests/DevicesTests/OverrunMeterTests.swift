import Testing

@testable import Devices

@Suite struct OverrunMeterTests {
    @Test func `what lies between the last sample that was read and the restart was lost`() {
        var meter = OverrunMeter(sampleRate: 16_000)
        _ = meter.restart(at: .seconds(1))
        // Half a second waits, of which 100 ms are read.
        meter.read(1_600, of: 8_000, at: .seconds(2))
        #expect(meter.restart(at: .seconds(5)) == .milliseconds(3_400))
        #expect(meter.restart(at: .seconds(6)) == .seconds(1))
    }

    @Test func `a device whose clock is slow has lost nothing by that`() {
        var meter = OverrunMeter(sampleRate: 16_000)
        for second in 1...1_000 { meter.read(16_000, of: 16_000, at: .milliseconds(1_001 * second)) }
        #expect(meter.restart(at: .milliseconds(1_001_500)) == .milliseconds(500))
    }

    @Test func `what came while it was read is not lost`() {
        var meter = OverrunMeter(sampleRate: 16_000)
        meter.read(320, of: 160, at: .seconds(1))
        #expect(meter.restart(at: .seconds(1)) == .zero)
    }
}
