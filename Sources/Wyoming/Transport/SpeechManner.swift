/// How fast and how high a worker is to speak, within what people understand.
package struct SpeechManner: Hashable, Sendable {
    /// Beyond a factor of four, in either direction, speech is no longer understood.
    private static let limits = 0.25...4

    /// 1 is the voice's own pace.
    package var speed: Double
    /// A factor of the base frequency.
    package var pitch: Double

    /// What a request wants, brought within the limits.
    package init(_ request: SynthesizeRequest) {
        speed = Self.limited(request.speed)
        pitch = Self.limited(request.pitch)
    }

    private static func limited(_ factor: Double?) -> Double {
        guard let factor, factor.isFinite else { return 1 }
        return min(max(factor, limits.lowerBound), limits.upperBound)
    }
}
