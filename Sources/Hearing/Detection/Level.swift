private import Glibc

/// How loud samples are.
package enum Level {
    /// What a window of zeros counts as.
    package static let silence = -96.0

    /// The root mean square in dB, at most 0.
    package static func decibels(of samples: some Collection<Int16>) -> Double {
        if samples.isEmpty { return silence }
        let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
        return decibels(power: power / (32_768 * 32_768))
    }

    static func decibels(power: Double) -> Double {
        max(silence, 10 * log10(max(power, 1e-12)))
    }
}
