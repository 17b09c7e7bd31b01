private import Glibc

/// How loud a piece of audio is, for a level meter.
package struct Loudness: Hashable, Sendable {
    /// What silence is shown as: a single step of 16 bits is -90.3 dB.
    package static let floor = -96.0

    /// The largest sample, in dB below full scale: `floor` to 0.
    package let peak: Double
    /// The root mean square, in dB below full scale: `floor` to 0.
    package let rms: Double

    /// - Parameter samples: May be empty, which is silence.
    package init(of samples: some Collection<Int16>) {
        // An array of its own, since each step through a collection of unknown kind is a call of its own.
        let samples = Array(samples)
        var largest = 0
        var squares = 0.0
        for sample in samples {
            largest = max(largest, abs(Int(sample)))
            squares += Double(sample) * Double(sample)
        }
        peak = Self.decibels(Double(largest))
        rms = samples.isEmpty ? Self.floor : Self.decibels((squares / Double(samples.count)).squareRoot())
    }

    private static func decibels(_ amplitude: Double) -> Double {
        amplitude > 0 ? max(floor, 20 * log10(amplitude / 32_768)) : floor
    }
}
