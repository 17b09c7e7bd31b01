/// Why a frame of audio cannot be heard.
package enum BadAudio: Error, Hashable, Sendable {
    /// It holds no samples, or no whole number of them.
    case notWhole
    /// It is longer than any frame may be.
    case tooLong
    /// It is no packet of its codec.
    case undecodable
}
