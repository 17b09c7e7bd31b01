/// How a segment is to be spoken, relative to the voice's own way.
package struct SpeechStyle: Hashable, Sendable {
    /// How far a text may change the pace, the pitch or the volume, in either direction.
    ///
    /// Beyond a factor of four speech is no longer understood; requests know the same limit for the speed.
    static let factorLimits = 0.25...4

    /// BCP 47; nil for the language of the request.
    package var language: String?
    /// A factor of the pace, 0.25 to 4.
    package var rate = 1.0
    /// A factor of the base frequency, 0.25 to 4; for engines that can.
    package var pitch = 1.0
    /// A factor of the samples, 0 to 4.
    package var volume = 1.0
    package var emotion: Emotion?

    package init() {}

    /// The style of a mood, for engines that know no moods; nil is the voice's own way.
    init(_ emotion: Emotion?) {
        guard let emotion else { return }
        self = SpeechStyle().scaled(rate: emotion.rate, pitch: emotion.pitch)
        self.emotion = emotion
    }

    /// The style of something within this one.
    func scaled(rate: Double = 1, pitch: Double = 1, volume: Double = 1) -> SpeechStyle {
        var style = self
        let limits = Self.factorLimits
        style.rate = min(max(self.rate * rate, limits.lowerBound), limits.upperBound)
        style.pitch = min(max(self.pitch * pitch, limits.lowerBound), limits.upperBound)
        style.volume = min(max(self.volume * volume, 0), limits.upperBound)
        return style
    }
}
