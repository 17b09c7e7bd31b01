import Glibc
import Testing

@testable import Sound

@Suite struct ResamplerTests {
    private static func tone(_ frequency: Double, rate: Int, count: Int) -> [Int16] {
        (0..<count).map { Int16(10_000 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    }

    private static func resample(_ samples: [Int16], _ input: Int, _ output: Int, piece: Int) throws -> [Int16] {
        var resampler = try Resampler(from: input, to: output)
        var result: [Int16] = []
        for start in stride(from: 0, to: samples.count, by: piece) {
            result += try resampler.resample(Array(samples[start..<min(start + piece, samples.count)]))
        }
        return try result + resampler.finish()
    }

    @Test(
        arguments: [(16_000, 48_000), (22_050, 48_000), (24_000, 16_000), (48_000, 8_000), (44_100, 16_000)],
        [1, 160, 9_973])
    func `the output lasts as long as the input`(rates: (Int, Int), count: Int) throws {
        let samples = Self.tone(440, rate: rates.0, count: count)
        let output = try Self.resample(samples, rates.0, rates.1, piece: 480)
        let expected = (Double(count) * Double(rates.1) / Double(rates.0)).rounded()
        #expect(abs(Double(output.count) - expected) <= 1)
    }

    @Test(arguments: [1, 7, 441, 100_000])
    func `how the stream is cut makes no difference`(piece: Int) throws {
        let samples = Self.tone(440, rate: 22_050, count: 11_025)
        let whole = try Self.resample(samples, 22_050, 48_000, piece: samples.count)
        #expect(try Self.resample(samples, 22_050, 48_000, piece: piece) == whole)
    }

    @Test func `a tone stays where and what it was`() throws {
        let output = try Self.resample(
            Self.tone(440, rate: 22_050, count: 22_050), 22_050, 48_000, piece: 1_000)
        let expected = Self.tone(440, rate: 48_000, count: 48_000)
        let middle = 4_800..<43_200
        let worst = middle.map { abs(Int(output[$0]) - Int(expected[$0])) }.max()
        #expect(try #require(worst) <= 3)
    }

    @Test func `equal rates change nothing`() throws {
        let samples = Array(Int16.min...Int16.max)
        #expect(try Self.resample(samples, 24_000, 24_000, piece: 1_000) == samples)
    }

    @Test func `an empty stream stays empty`() throws {
        #expect(try Self.resample([], 16_000, 48_000, piece: 1).isEmpty)
    }

    @Test(arguments: [(0, 16_000), (16_000, -1), (16_000, 500_000)])
    func `rates that no device has are refused`(rates: (Int, Int)) {
        #expect(throws: ResamplerError.unsupportedRates(input: rates.0, output: rates.1)) {
            _ = try Resampler(from: rates.0, to: rates.1).self
        }
    }
}
