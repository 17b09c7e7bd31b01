private import Glibc

/// How loud speech is to the ear, in LUFS: ITU-R BS.1770-4, gated, so that pauses do not count.
package struct SpeechLoudness: Sendable {
    /// What every voice is brought to.
    ///
    /// The quietest of our voices then still have room for their peaks: Docs/Voices.md.
    package static let target = -21.0

    private let stepCount: Int
    private var weighting: KWeighting
    /// Of the last four steps of 100 ms, which make a block of 400 ms.
    private var steps: [Double] = []
    private var sum = 0.0
    private var count = 0
    private var blocks: [Double] = []

    /// - Parameter sampleRate: In hertz; of mono.
    package init(sampleRate: Int) {
        stepCount = max(1, sampleRate / 10)
        weighting = KWeighting(sampleRate: Double(sampleRate))
    }

    /// How much was measured.
    package var duration: Duration { .milliseconds(100) * blocks.count }

    package mutating func add(_ samples: some Sequence<Int16>) {
        for sample in samples {
            let value = weighting.next(Double(sample) / 32_768)
            sum += value * value
            count += 1
            if count == stepCount { endStep() }
        }
    }

    /// Nil where there was no speech of half a second.
    package var lufs: Double? {
        // The two gates of the standard: silence, then what is 10 LU below the mean of the rest.
        let sounding = blocks.filter { Self.lufs($0) > -70 }
        guard let mean = Self.mean(sounding) else { return nil }
        return Self.mean(sounding.filter { Self.lufs($0) > Self.lufs(mean) - 10 }).map(Self.lufs)
    }

    private mutating func endStep() {
        steps.append(sum / Double(stepCount))
        (sum, count) = (0, 0)
        if steps.count > 4 { steps.removeFirst() }
        if steps.count == 4 { blocks.append(steps.reduce(0, +) / 4) }
    }

    private static func mean(_ powers: [Double]) -> Double? {
        powers.isEmpty ? nil : powers.reduce(0, +) / Double(powers.count)
    }

    private static func lufs(_ power: Double) -> Double { power > 0 ? -0.691 + 10 * log10(power) : -.infinity }
}

/// The ear's preference by frequency: two filters, given for 48 kHz by the standard, here from their analogue values.
private struct KWeighting: Sendable {
    private var shelf: Biquad
    private var highPass: Biquad

    init(sampleRate: Double) {
        let (head, q) = (pow(10, 3.999843853973347 / 20), 0.7071752369554196)
        let k = tan(.pi * 1681.974450955533 / sampleRate)
        let (band, norm) = (pow(head, 0.4996667741545416), 1 + k / q + k * k)
        shelf = Biquad(
            b: ((head + band * k / q + k * k) / norm, 2 * (k * k - head) / norm, (head - band * k / q + k * k) / norm),
            a: (2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm))
        let (low, lowQ) = (tan(.pi * 38.13547087602444 / sampleRate), 0.5003270373238773)
        let lowNorm = 1 + low / lowQ + low * low
        highPass = Biquad(
            b: (1, -2, 1), a: (2 * (low * low - 1) / lowNorm, (1 - low / lowQ + low * low) / lowNorm))
    }

    mutating func next(_ sample: Double) -> Double { highPass.next(shelf.next(sample)) }
}

/// A filter of second order, in its transposed direct form.
private struct Biquad: Sendable {
    let b: (Double, Double, Double)
    let a: (Double, Double)
    private var first = 0.0
    private var second = 0.0

    init(b: (Double, Double, Double), a: (Double, Double)) {
        self.b = b
        self.a = a
    }

    mutating func next(_ input: Double) -> Double {
        let output = b.0 * input + first
        first = b.1 * input - a.0 * output + second
        second = b.2 * input - a.1 * output
        return output
    }
}
