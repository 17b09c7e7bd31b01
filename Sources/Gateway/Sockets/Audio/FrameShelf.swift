import Net

/// The frames of a channel that somebody may still need, by their number from the first on.
struct FrameShelf: Sendable {
    /// Frames are given back so many at a time, since that moves the others.
    private static let dropStride = 32

    private var frames: [Frame] = []
    /// The number of the oldest frame kept.
    private(set) var startIndex = 0
    /// What is sent behind the last frame; nil while more may come.
    var end: Frame?

    var endIndex: Int { startIndex + frames.count }
    var isComplete: Bool { end != nil }

    mutating func append(_ more: [Frame]) { frames += more }

    /// - Parameter range: Numbers of frames that are kept.
    subscript(range: Range<Int>) -> [Frame] {
        Array(frames[(range.lowerBound - startIndex)..<(range.upperBound - startIndex)])
    }

    /// Gives back frames that nobody needs any more.
    mutating func drop(before index: Int) {
        let count = min(index, endIndex) - startIndex
        guard count >= Self.dropStride else { return }
        frames.removeFirst(count)
        startIndex += count
    }
}
