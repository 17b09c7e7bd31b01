/// What an engine can do to its voices itself; the rest is done to its samples.
package struct SpeechSkills: Hashable, Sendable {
    /// Of the paces it speaks at.
    package var speeds: ClosedRange<Double>
    package var shiftsPitch: Bool

    package init(speeds: ClosedRange<Double>, shiftsPitch: Bool) {
        self.speeds = speeds
        self.shiftsPitch = shiftsPitch
    }

    /// Everything that a request can want.
    package static let all = SpeechSkills(speeds: 0.25...4, shiftsPitch: true)
    /// It speaks as it does.
    package static let none = SpeechSkills(speeds: 1...1, shiftsPitch: false)
}
