/// A mood that a marker such as `[🎉 celebration]` asks for.
package enum Emotion: String, CaseIterable, Hashable, Sendable {
    case excited, celebration, insight, creative, success, progress, investigating
    case debugging, learning, pondering, focused, caution, urgent

    /// The sign that stands before the word in a marker; both must agree.
    package var sign: Unicode.Scalar { traits.sign }

    /// How steady the voice stays and how close to its model, 0 to 1, as PAI sets them for ElevenLabs voices.
    package var presets: (stability: Double, similarity: Double) { (traits.stability, traits.similarity) }

    /// A factor of the pace, for engines that know no moods.
    package var rate: Double { traits.rate }

    /// A factor of the pitch, for engines that know no moods.
    package var pitch: Double { traits.pitch }

    private struct Traits {
        let sign: Unicode.Scalar
        let stability: Double
        let similarity: Double
        let rate: Double
        let pitch: Double

        init(_ sign: Unicode.Scalar, _ stability: Double, _ similarity: Double, rate: Double, pitch: Double) {
            self.sign = sign
            self.stability = stability
            self.similarity = similarity
            self.rate = rate
            self.pitch = pitch
        }
    }

    /// Lively moods are faster and higher, thoughtful ones slower and lower, by what is heard but does not annoy.
    private var traits: Traits {
        switch self {
        case .excited: Traits("💥", 0.7, 0.9, rate: 1.1, pitch: 1.08)
        case .celebration: Traits("🎉", 0.65, 0.85, rate: 1.08, pitch: 1.08)
        case .insight: Traits("💡", 0.55, 0.8, rate: 1.03, pitch: 1.04)
        case .creative: Traits("🎨", 0.5, 0.75, rate: 1.03, pitch: 1.04)
        case .success: Traits("✨", 0.6, 0.8, rate: 1.05, pitch: 1.05)
        case .progress: Traits("📈", 0.55, 0.75, rate: 1.03, pitch: 1.02)
        case .investigating: Traits("🔍", 0.6, 0.85, rate: 0.97, pitch: 0.98)
        case .debugging: Traits("🐛", 0.55, 0.8, rate: 0.97, pitch: 0.98)
        case .learning: Traits("📚", 0.5, 0.75, rate: 0.97, pitch: 1)
        case .pondering: Traits("🤔", 0.65, 0.8, rate: 0.92, pitch: 0.97)
        case .focused: Traits("🎯", 0.7, 0.85, rate: 1, pitch: 0.98)
        case .caution: Traits("⚠", 0.4, 0.6, rate: 0.95, pitch: 0.98)
        case .urgent: Traits("🚨", 0.3, 0.9, rate: 1.12, pitch: 1.06)
        }
    }
}
