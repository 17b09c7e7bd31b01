/// Cuts speech into pieces that can be played one behind the other, each ending where it is quiet.
struct PieceCutter: Sendable {
    /// Shorter pieces are not worth a file of their own, in seconds.
    private static let shortest = 2
    /// Longer ones keep a listener waiting, in seconds; such a piece ends wherever it is.
    private static let longest = 15
    /// A pause between sentences, in milliseconds; those inside a sentence are shorter.
    private static let pause = 150
    /// Samples up to this are quiet: 44 dB below full scale.
    private static let threshold: UInt16 = 200

    private let sampleRate: Int
    private var samples: [Int16] = []
    /// How many of the last samples are quiet.
    private var quietCount = 0

    init(sampleRate: Int) { self.sampleRate = sampleRate }

    /// Takes the next samples.
    ///
    /// - Returns: The pieces that are complete now; joined, they are what came in.
    mutating func add(_ more: [Int16]) -> [[Int16]] {
        var pieces: [[Int16]] = []
        for sample in more {
            samples.append(sample)
            quietCount = sample.magnitude <= Self.threshold ? quietCount + 1 : 0
            let isPause = quietCount * 1_000 >= Self.pause * sampleRate && samples.count >= Self.shortest * sampleRate
            if isPause || samples.count >= Self.longest * sampleRate {
                pieces.append(samples)
                samples = []
                quietCount = 0
            }
        }
        return pieces
    }

    /// What is left at the end; nil for nothing.
    mutating func finish() -> [Int16]? {
        defer { samples = [] }
        return samples.isEmpty ? nil : samples
    }
}
