private import Glibc
internal import VoiceCore

/// Tells speech by what it stands out of: louder than the quiet around it, and with the pitch of a voice.
///
/// It needs no model and is what there is until one is installed. Music and tones with the pitch of a voice deceive it.
package struct EnergyDetector: Sendable {
    /// The quiet around the speech, in dB.
    private var floor: Double?
    /// The last two windows at 4 kHz, which is all that a voice's pitch needs.
    private var recent: [Double] = []

    /// Below this nothing is heard; a quiet room through a good microphone lies there.
    private static let inaudible = -65.0
    /// By how much the quiet may seem to get louder in each window: 1.5 dB a second.
    private static let floorRise = 0.05
    /// A microphone that was switched off is no measure for the noise of one that is on.
    private static let lowestFloor = -75.0
    /// A source that begins with speech shows no quiet yet.
    private static let highestFirstFloor = -50.0

    package init() {}

    /// Takes the next window.
    ///
    /// - Returns: How likely it holds speech, 0 to 1.
    package mutating func probability(of window: [Int16]) -> Double {
        let level = Level.decibels(of: window)
        let floor = followFloor(level)
        remember(window)
        guard level > Self.inaudible else { return 0 }
        // Measured in Benchmarks/Hearing: 91 % of the speech in meetings and 10 % of the noises that are not speech.
        let evidence = 0.25 * min(level - floor - 12, 8) + 8 * (periodicity - 0.6)
        return 1 / (1 + exp(-evidence))
    }

    private mutating func followFloor(_ level: Double) -> Double {
        guard let known = floor else {
            let first = min(level, Self.highestFirstFloor)
            floor = first
            return first
        }
        // A single window of zeros must not make everything after it seem loud.
        let next = level < known ? max(level, known - 3) : min(level, known + Self.floorRise)
        let audible = max(next, Self.lowestFloor)
        floor = audible
        return audible
    }

    private mutating func remember(_ window: [Int16]) {
        let thinned = stride(from: 0, to: window.count - 3, by: 4).map { index in
            window[index..<index + 4].reduce(0.0) { $0 + Double($1) } / 4
        }
        recent = Array((recent + thinned).suffix(SpeechWindow.sampleCount / 2))
    }

    /// How much of the power returns after one period of a voice of 70 to 400 Hz, 0 to 1.
    private var periodicity: Double {
        let mean = recent.reduce(0, +) / Double(max(1, recent.count))
        let samples = recent.map { $0 - mean }
        // The power of the first samples, by how many.
        var power = [0.0]
        for sample in samples { power.append(power[power.count - 1] + sample * sample) }
        let all = power[samples.count]
        var best = 0.0
        for lag in 10...57 where lag < samples.count {
            var product = 0.0
            for index in lag..<samples.count { product += samples[index] * samples[index - lag] }
            let both = (all - power[lag]) * power[samples.count - lag]
            best = max(best, product / (both + 1e-9).squareRoot())
        }
        return best
    }
}
