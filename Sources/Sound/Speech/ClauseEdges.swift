/// Trims the silence at both ends of a clause and fades what is left, so that clauses can be joined without a click.
///
/// Silence within the clause stays as it is. What may yet turn out to be the end is kept back until more comes.
package struct ClauseEdges: Sendable {
    /// -50 dB of full scale: above the noise of an engine's silence, below the beginning of an `f`.
    ///
    /// Measured: the silences of flite's and espeak-ng's voices.
    private static let threshold: Int16 = 100
    /// What stays before the first sound and behind the last one, so that soft beginnings and ends are not cut.
    package static let margin = Duration.milliseconds(25)
    private static let fade = Duration.milliseconds(5)

    /// How much was cut off at the beginning; nil before the first sound.
    package private(set) var trimmedStart: Duration?
    package let format: AudioFormat
    private let marginCount: Int
    private let fadeCount: Int
    private var droppedCount = 0
    /// How many samples have left, at most those of a fade.
    private var fadedCount = 0
    private var kept: [Int16] = []

    /// - Parameter format: Of the clause; mono.
    package init(_ format: AudioFormat) {
        self.format = format
        marginCount = format.sampleCount(in: Self.margin)
        fadeCount = format.sampleCount(in: Self.fade)
    }

    /// - Parameter samples: The next ones of the clause.
    /// - Returns: What can sound; often less, and sometimes more.
    package mutating func take(_ samples: [Int16]) -> [Int16] {
        let oldCount = kept.count
        kept += samples
        guard let last = samples.lastIndex(where: Self.isSound) else {
            if trimmedStart == nil { dropStart(to: kept.count - marginCount) }
            return []
        }
        if trimmedStart == nil {
            let first = kept.firstIndex(where: Self.isSound) ?? 0
            let count = dropStart(to: first - marginCount)
            trimmedStart = format.duration(of: droppedCount)
            return release(oldCount - count + last + 1)
        }
        return release(oldCount + last + 1)
    }

    /// - Returns: The end of the clause.
    package mutating func finish() -> [Int16] {
        defer { kept = [] }
        guard trimmedStart != nil else { return [] }
        let last = kept.lastIndex(where: Self.isSound) ?? -1
        kept.removeLast(max(0, kept.count - (last + 1) - marginCount))
        let end = fadedIn(kept)
        let length = min(fadeCount, end.count)
        return end.enumerated().map { index, sample in
            let left = end.count - index
            return left > length ? sample : Int16(Int(sample) * (left - 1) / max(1, length))
        }
    }

    /// - Returns: How many samples were dropped.
    @discardableResult private mutating func dropStart(to count: Int) -> Int {
        let count = max(0, count)
        kept.removeFirst(count)
        droppedCount += count
        return count
    }

    /// Lets go of all but the last samples up to `end`, which may have to be faded.
    private mutating func release(_ end: Int) -> [Int16] {
        let count = max(0, min(end, kept.count - fadeCount))
        let samples = fadedIn(Array(kept.prefix(count)))
        kept.removeFirst(count)
        return samples
    }

    private mutating func fadedIn(_ samples: [Int16]) -> [Int16] {
        guard fadedCount < fadeCount else { return samples }
        var samples = samples
        for index in samples.indices.prefix(fadeCount - fadedCount) {
            samples[index] = Int16(Int(samples[index]) * (fadedCount + index) / fadeCount)
        }
        fadedCount = min(fadeCount, fadedCount + samples.count)
        return samples
    }

    private static func isSound(_ sample: Int16) -> Bool {
        sample > threshold || sample < -threshold
    }
}
