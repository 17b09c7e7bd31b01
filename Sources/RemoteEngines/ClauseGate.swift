import Sound
import VoiceCore

/// Keeps a clause back until it is clear that it will not run dry while it sounds: pauses belong between clauses.
///
/// An engine known to be quick enough is let through at once. Another one is let through as soon as it proves to be quick
/// enough within the clause, else when the clause is complete.
struct ClauseGate: Sendable {
    /// Less audio than this beyond the first piece says nothing about the pace.
    private static let proof = Duration.milliseconds(300)

    private let begin: Duration
    private var isOpen: Bool
    private var held: [SynthesisPart] = []
    private var firstAudioAt: Duration?
    private var firstLength = Duration.zero
    /// Of all audio that came.
    private(set) var length = Duration.zero

    init(_ pace: Pace, at now: Duration) {
        begin = now
        isOpen = pace.isSteady
    }

    /// - Returns: What may sound now.
    mutating func take(_ part: SynthesisPart, at now: Duration) -> [SynthesisPart] {
        if case .audio(let chunk) = part {
            if firstAudioAt == nil { (firstAudioAt, firstLength) = (now, chunk.duration) }
            length += chunk.duration
        }
        held.append(part)
        isOpen = isOpen || isQuick(at: now)
        return isOpen ? release() : []
    }

    /// The clause is complete.
    mutating func release() -> [SynthesisPart] {
        defer { held = [] }
        return held
    }

    /// How long the work took so far.
    func work(at now: Duration) -> Duration { now - begin }

    private func isQuick(at now: Duration) -> Bool {
        guard let firstAudioAt, length - firstLength >= Self.proof else { return false }
        return (now - firstAudioAt) / (length - firstLength) <= Pace.highestSteady
    }
}
