import VoiceCore

/// How long the sound of a job is, or a guess from its text before that is known.
///
/// It is asked of every living job whenever one of them wants to know its place, so it is small.
struct JobLength: Sendable {
    /// Read English takes about 65 ms a character.
    ///
    /// Measured: flite slt, Benchmarks/results.md.
    private static let perCharacter = Duration.milliseconds(65)

    private let guess: Duration
    /// Nil while nothing of it is made.
    private let take: Take?

    init(_ record: JobRecord) {
        let request = record.request
        guess = Self.perCharacter * Double(request.text.unicodeScalars.count) / request.speed
        take = record.synthesis == nil ? nil : record.take
    }

    var value: Duration {
        guard let take else { return guess }
        return take.ending == nil ? max(take.duration, guess) : take.duration
    }
}
