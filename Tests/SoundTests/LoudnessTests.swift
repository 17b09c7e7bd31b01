import Testing

@testable import Sound

@Suite struct LoudnessTests {
    @Test(arguments: [[Int16](), [0, 0, 0]])
    func `silence is at the floor`(samples: [Int16]) {
        let loudness = Loudness(of: samples)
        #expect(loudness.peak == Loudness.floor)
        #expect(loudness.rms == Loudness.floor)
    }

    @Test func `full scale is 0 dB`() {
        let loudness = Loudness(of: [.min, .min])
        #expect(loudness.peak == 0)
        #expect(loudness.rms == 0)
    }

    @Test func `half the amplitude is 6 dB less, and rms lies below the peak`() {
        let loudness = Loudness(of: [16_384, 0, -16_384, 0])
        #expect(abs(loudness.peak - -6.02) < 0.01)
        #expect(abs(loudness.rms - -9.03) < 0.01)
    }
}
