import FoundationEssentials
import Hearing
import Testing
import VoiceCore

@Suite struct EnergyDetectorTests {
    @Test func `real speech is found, and the quiet around it is not`() throws {
        let speech = try recording("goforward.raw")
        let quiet = noise(count: 16_000, height: 20)
        let probabilities = detect(quiet + speech + quiet)
        let quietCount = quiet.count / 512
        #expect(probabilities.prefix(quietCount - 1).allSatisfy { $0 < 0.5 })
        #expect(probabilities.suffix(quietCount - 2).allSatisfy { $0 < 0.5 })
        // 1.7 of its 2.8 s are words.
        #expect(probabilities.filter { $0 >= 0.5 }.count > 25)
    }

    @Test func `zeros are no speech, and do not make the noise after them speech`() {
        let probabilities = detect([Int16](repeating: 0, count: 8_000) + noise(count: 32_000, height: 300))
        #expect(probabilities.filter { $0 >= 0.5 }.count <= 2)
    }

    @Test func `windows are cut of pieces of any size, and nothing is lost`() {
        let samples = noise(count: 5_000, height: 1_000)
        var cutter = WindowCutter()
        var windows: [[Int16]] = []
        var rest = samples[...]
        for size in [0, 1, 511, 512, 513, 1_600, 3_000] {
            windows += cutter.cut(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        #expect(windows.allSatisfy { $0.count == 512 })
        #expect(windows.flatMap { $0 } + cutter.takeRest() == samples)
        #expect(cutter.takeRest().isEmpty)
    }

    private func detect(_ samples: [Int16]) -> [Double] {
        var cutter = WindowCutter()
        var detector = EnergyDetector()
        return cutter.cut(samples).map { detector.probability(of: $0) }
    }

    private func noise(count: Int, height: Int) -> [Int16] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int16(Int(state >> 16) % (2 * height + 1) - height)
        }
    }

    /// A recording of Debian's package pocketsphinx-testdata.
    private func recording(_ name: String) throws -> [Int16] {
        let bytes = [UInt8](
            try #require(FileManager.default.contents(atPath: "/usr/share/pocketsphinx/test/data/\(name)")))
        return stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            Int16(truncatingIfNeeded: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
        }
    }
}
