import Flow
package import Sound
package import VoiceCore

/// Why a text was not spoken for a caller.
package enum CallerSpeechError: Error, Hashable, Sendable {
    /// So many callers wait already.
    case tooManyCallers(limit: Int)
    case cancelled
}

/// Speaks texts for callers who want the samples themselves: no output, no queue, no job.
///
/// They share only the engines, where sounding jobs go first: for all callers together one clause is made at a time, and
/// never more than 3 s ahead of what the caller has taken.
package final class CallerSpeech: Sendable {
    private static let callerLimit = 64

    private let callers = Monitor(0)
    private let turn = Turn()
    private let engines: any EngineCatalogue
    private let pronunciations: PronunciationShelf
    private let loudness: LoudnessBook

    package init(engines: any EngineCatalogue, pronunciations: PronunciationShelf, loudness: LoudnessBook) {
        self.engines = engines
        self.pronunciations = pronunciations
        self.loudness = loudness
    }

    /// Speaks a text; cancelling the task ends the engine's work.
    ///
    /// - Parameters:
    ///   - request: Text, language, speed and volume of it count.
    ///   - listen: Takes the sound; when it returns or throws, the work ends.
    package func speak<Result: Sendable>(
        _ request: SpeakRequest, voice: String, by synthesizer: any Synthesizer,
        to listen: @escaping @Sendable (CallerSound) async throws -> Result
    ) async throws -> Result {
        let isWelcome = callers.update { count in
            guard count < Self.callerLimit else { return false }
            count += 1
            return true
        }
        guard isWelcome else { throw CallerSpeechError.tooManyCallers(limit: Self.callerLimit) }
        defer { callers.update { $0 -= 1 } }
        let take = Take()
        let sound = CallerSound(take: take)
        let patient = PatientSynthesizer(synthesizer: synthesizer, turn: turn)
        let synthesis = Synthesis(
            request: request, voice: voice, synthesizer: patient, take: take,
            standIn: standIn, pronunciations: pronunciations.pronunciations, loudness: loudness, inflow: nil)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                await synthesis.run { _ in }
                return nil
            }
            group.addTask { try await listen(sound) }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CallerSpeechError.cancelled
        }
    }

    private func standIn(for voice: String, speaking language: String?) async -> StandIn? {
        guard var other = await engines.standIn(for: voice, speaking: language) else { return nil }
        other.synthesizer = PatientSynthesizer(synthesizer: other.synthesizer, turn: turn)
        return other
    }
}

/// What a caller gets, at the caller's own pace.
package struct CallerSound: Sendable {
    private let take: Take
    private let reader: TakeReader

    init(take: Take) {
        self.take = take
        reader = take.reader(from: .zero)
    }

    /// Waits for the first sample.
    ///
    /// - Returns: The format of all of it; nil where the text makes no sound.
    /// - Throws: The engine's `SynthesisError`, or `CallerSpeechError.cancelled`.
    package func format() async throws -> AudioFormat? {
        guard let ending = await take.waitForAudio() else { throw CallerSpeechError.cancelled }
        if take.format == nil, case .broken(let error) = ending { throw error }
        return take.format
    }

    /// The next samples, at most so many; nil at the proper end.
    ///
    /// - Throws: The engine's `SynthesisError` behind the last sample it made, or `CallerSpeechError.cancelled`.
    package func next(atMost count: Int) async throws -> [Int16]? {
        switch await reader.next(atMost: count) {
        case .samples(let samples):
            take.trim(before: take.duration)
            return samples
        case .end:
            if case .broken(let error) = take.ending { throw error }
            return nil
        case nil: throw CallerSpeechError.cancelled
        }
    }
}

/// Lets one at a time in.
private final class Turn: Sendable {
    private let isTaken = Monitor(false)

    /// - Returns: False when the task was cancelled first.
    func take() async -> Bool {
        await isTaken.wait { isTaken in
            guard !isTaken else { return nil }
            isTaken = true
            return true
        } ?? false
    }

    func giveBack() { isTaken.update { $0 = false } }
}

/// An engine that waits for its turn before each clause.
private struct PatientSynthesizer: Synthesizer {
    let synthesizer: any Synthesizer
    let turn: Turn

    var name: String { synthesizer.name }
    var lead: Duration { synthesizer.lead }
    var isVerbatim: Bool { synthesizer.isVerbatim }
    var skills: SpeechSkills { synthesizer.skills }

    func voices() async -> [Voice] { await synthesizer.voices() }

    func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        guard await turn.take() else { return }
        defer { turn.giveBack() }
        try await synthesizer.synthesize(clause, emit: emit)
    }
}
