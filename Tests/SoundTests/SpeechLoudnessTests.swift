import Sound
import Testing

@Suite struct SpeechLoudnessTests {
    /// A triangle is near enough to a sine for a tenth of a decibel, and needs no library.
    private func tone(_ frequency: Double, _ amplitude: Double, seconds: Double, rate: Double) -> [Int16] {
        (0..<Int(seconds * rate)).map { index in
            let phase = (Double(index) * frequency / rate).truncatingRemainder(dividingBy: 1)
            return Int16(amplitude * (abs(phase * 4 - 2) - 1))
        }
    }

    private func lufs(_ samples: [Int16], rate: Int) -> Double? {
        var loudness = SpeechLoudness(sampleRate: rate)
        loudness.add(samples)
        return loudness.lufs
    }

    @Test(arguments: [8_000, 16_000, 22_050, 24_000, 48_000])
    func `a tone of 997 Hz is as loud as the standard says, at any rate`(rate: Int) throws {
        // BS.1770-4: a sine of full scale is -3.01 LUFS; a triangle has 1.76 dB less.
        let loudness = try #require(lufs(tone(997, 32_767, seconds: 3, rate: Double(rate)), rate: rate))
        #expect(abs(loudness - -4.77) < 0.3)
    }

    @Test func `half the amplitude is 6 LU less, and pauses do not count`() throws {
        let loud = tone(400, 16_000, seconds: 3, rate: 16_000)
        let full = try #require(lufs(loud, rate: 16_000))
        let half = try #require(lufs(loud.map { $0 / 2 }, rate: 16_000))
        #expect(abs(full - half - 6.02) < 0.1)
        let spaced = loud + Array(repeating: 0, count: 160_000)
        #expect(try abs(#require(lufs(spaced, rate: 16_000)) - full) < 0.5)
    }

    @Test(arguments: [[], Array(repeating: 0, count: 48_000), Array(repeating: 9_000, count: 100)] as [[Int16]])
    func `what is silent or too short has no loudness`(samples: [Int16]) {
        #expect(lufs(samples, rate: 16_000) == nil)
    }
}
