/// The end of what was written to a device, so that it can be written again more softly.
struct SampleTail: Sendable {
    private let limit: Int
    private var samples: [Int16] = []
    /// How many samples were written in all.
    private(set) var end = 0

    /// - Parameter limit: How many samples are kept at least.
    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ more: [Int16]) {
        samples += more
        end += more.count
        if samples.count > 2 * limit { samples.removeFirst(samples.count - limit) }
    }

    /// What replaces everything from a sample on: a linear fade to nothing, then silence.
    ///
    /// - Returns: Also how much of it is the fade; nothing at all if `start` is the end.
    func fade(from start: Int, over length: Int) -> (samples: [Int16], fadeCount: Int) {
        guard start < end else { return ([], 0) }
        var replacement = [Int16](repeating: 0, count: end - start)
        let fadeCount = min(length, replacement.count)
        let first = end - samples.count
        for offset in 0..<fadeCount where start + offset >= first {
            let sample = Int(samples[start + offset - first])
            replacement[offset] = Int16(sample * (fadeCount - offset) / (fadeCount + 1))
        }
        return (replacement, fadeCount)
    }
}
