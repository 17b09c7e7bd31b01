import Testing

@testable import Sound

@Suite struct PCM16Tests {
    @Test func `every sample survives the way to bytes and back`() {
        let samples = Array(Int16.min...Int16.max)
        #expect(PCM16.samples(of: PCM16.bytes(of: samples)) == samples)
    }

    @Test func `bytes are little-endian`() {
        #expect(PCM16.bytes(of: [0x0102, -2]) == [2, 1, 0xFE, 0xFF])
    }

    @Test func `half a sample is none`() {
        #expect(PCM16.samples(of: [1, 2, 3]) == nil)
        #expect(PCM16.samples(of: [UInt8]()) == [])
    }

    @Test func `a gain of 1 changes nothing`() {
        var samples = Array(Int16.min...Int16.max)
        PCM16.amplify(&samples, by: 1)
        #expect(samples == Array(Int16.min...Int16.max))
    }

    @Test(
        arguments: [
            (2, [200, -200, .max, .min]), (0.5, [50, -50, 16_384, -16_384]), (0, [0, 0, 0, 0]),
        ] as [(Double, [Int16])])
    func `a gain scales and stops at the ends`(gain: Double, expected: [Int16]) {
        var samples: [Int16] = [100, -100, .max, .min]
        PCM16.amplify(&samples, by: gain)
        #expect(samples == expected)
    }

    @Test(arguments: [0.25, 1, 2, 4])
    func `louder speech is bent near the ends of the range, never cut off`(gain: Double) {
        var samples: [Int16] = [-32_768, -20_000, -6_000, 0, 6_000, 20_000, 32_767]
        PCM16.level(&samples, by: gain)
        #expect(zip(samples, samples.dropFirst()).allSatisfy { $0 < $1 })
        #expect(samples[4] == Int16(min(6_000 * gain, 26_000)) || gain == 4)
        #expect(samples[0] >= -32_767 || gain == 1)
    }
}
