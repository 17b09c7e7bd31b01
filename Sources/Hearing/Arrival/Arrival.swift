/// Decides what of a source's frames is new (PROTOCOL.md, section 4): their timestamp says where they belong.
package struct Arrival: Hashable, Sendable {
    /// What is to be done with a frame.
    package enum Verdict: Hashable, Sendable {
        /// All of it is known.
        case duplicate
        /// It follows what is known.
        ///
        /// `silence` samples are missing before it and count as silence; `known` samples at its front are known.
        case following(silence: Int, known: Int)
        /// More is missing before it than silence may stand for; nil where nobody minds what is missing.
        case apart(missing: Int?)
    }

    /// PROTOCOL.md, section 4: how much silence may stand for.
    package static let longestSilence = Duration.milliseconds(200)

    private let sampleRate: Int
    /// The number of the next sample; nil before the first one.
    package private(set) var position: Int?
    private var mayLeaveOut = false

    /// - Parameter position: The number of the first sample that is not known; nil for wherever the first frame begins.
    package init(sampleRate: Int, position: Int? = nil) {
        self.sampleRate = sampleRate
        self.position = position
    }

    /// Takes a frame.
    ///
    /// - Parameter timestamp: The number of its first sample, modulo 2³².
    package mutating func take(timestamp: UInt32, sampleCount: Int) -> Verdict {
        guard let expected = position else {
            position = Int(timestamp) + sampleCount
            return .apart(missing: nil)
        }
        let start = Self.number(timestamp, near: expected)
        let end = start + sampleCount
        guard end > expected else { return .duplicate }
        defer { mayLeaveOut = false }
        position = end
        if start <= expected { return .following(silence: 0, known: expected - start) }
        if mayLeaveOut { return .apart(missing: nil) }
        let missing = start - expected
        let limit = Int(Self.longestSilence / .seconds(1) * Double(sampleRate))
        return missing <= limit ? .following(silence: missing, known: 0) : .apart(missing: missing)
    }

    /// Lets the next frame leave out as much as it likes.
    package mutating func allowGap() {
        mayLeaveOut = true
    }

    /// The number that is nearest to the expected one, of all with these 32 bits.
    private static func number(_ timestamp: UInt32, near expected: Int) -> Int {
        let difference = Int32(bitPattern: timestamp &- UInt32(truncatingIfNeeded: expected))
        return max(0, expected + Int(difference))
    }
}
