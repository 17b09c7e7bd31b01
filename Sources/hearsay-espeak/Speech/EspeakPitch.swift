private import Glibc

/// A pitch on espeak-ng's own scale, and what of it is beyond the scale's ends.
package struct EspeakPitch: Hashable, Sendable {
    /// 0 to 99.
    package let value: Int
    /// How far the melody moves, on the same scale: it grows with the pitch, so that its steps stay the same to the ear.
    package let range: Int
    /// The factor that is left to be applied to the samples.
    package let rest: Double

    /// On espeak-ng's scale 50 steps are an octave: `pitch_adjust_tab` in its `voices.c` doubles from 0 to 50.
    private static let stepsPerOctave = 50.0

    /// - Parameters:
    ///   - usual: Where the voice is on the scale.
    ///   - factor: Of the base frequency.
    package init(_ usual: Int, times factor: Double) {
        let wanted = Double(usual) + Self.stepsPerOctave * log2(factor)
        value = Int(min(max(wanted.rounded(), 0), 99))
        let usualRange = 50.0
        range = Int(min(max((usualRange + Double(value - usual)).rounded(), 0), 99))
        let beyond = (wanted - Double(value)) / Self.stepsPerOctave
        rest = abs(beyond) * Self.stepsPerOctave <= 0.5 ? 1 : exp2(beyond)
    }
}
