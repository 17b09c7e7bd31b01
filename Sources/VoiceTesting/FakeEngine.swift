import Flow
package import Sound
package import VoiceCore

/// An engine that makes 10 ms of a ramp for each character, at once or when a test lets it.
package final class FakeEngine: Synthesizer, EngineCatalogue {
    package static let format = AudioFormat(sampleRate: 24_000)
    private static let samplesPerCharacter = 240

    /// What becomes of clauses.
    package enum Mode: Hashable, Sendable {
        case speaks
        /// Waits before each clause until `allow` is called.
        case waits
        case fails(SynthesisError)
    }

    private struct Contents: Sendable {
        var mode: Mode
        var allowed = 0
        var clauses: [Clause] = []
        var cancelled = 0
    }

    package let name = "fake"
    package let defaultVoice = "fake"
    /// Its samples are counted.
    package var isVerbatim: Bool { true }
    private let contents: Monitor<Contents>

    package init(_ mode: Mode = .speaks) {
        contents = Monitor(Contents(mode: mode))
    }

    /// The clauses asked for so far.
    package var clauses: [Clause] { contents.withLock { $0.clauses } }

    /// How many clauses were cancelled.
    package var cancelledCount: Int { contents.withLock { $0.cancelled } }

    package func set(_ mode: Mode) {
        contents.update { $0.mode = mode }
    }

    /// Lets one more clause be spoken.
    package func allow(_ count: Int = 1) {
        contents.update { $0.allowed += count }
    }

    /// Waits until so many clauses were asked for.
    package func waitForClauses(_ count: Int) async {
        _ = await contents.wait { $0.clauses.count >= count ? true : nil }
    }

    /// Waits until so many clauses were cancelled.
    package func waitForCancel(_ count: Int = 1) async {
        _ = await contents.wait { $0.cancelled >= count ? true : nil }
    }

    /// How long the audio of a text is.
    package static func duration(of text: String) -> Duration {
        .milliseconds(10 * text.unicodeScalars.count)
    }

    package func voices() async -> [Voice] {
        [Voice(id: "fake", engine: "fake", name: "Fake", language: "en", sampleRate: 24_000)]
    }

    package func synthesizer(for voice: String) async -> (any Synthesizer)? { voice == "fake" ? self : nil }

    package func states() async -> [EngineState] { [EngineState(engine: "fake", phase: .ready)] }

    package func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        let mode = contents.update { contents in
            contents.clauses.append(clause)
            return contents.mode
        }
        if case .fails(let error) = mode { throw error }
        if mode == .waits {
            let isAllowed = await contents.wait(wakesOthers: true) { contents -> Bool? in
                guard contents.allowed > 0 else { return nil }
                contents.allowed -= 1
                return true
            }
            guard isAllowed == true else {
                contents.update { $0.cancelled += 1 }
                return
            }
        }
        let count = clause.text.unicodeScalars.count
        await emit(.words(Self.words(of: clause.text)))
        let samples = (0..<(count * Self.samplesPerCharacter)).map { Int16(truncatingIfNeeded: $0 % 16_000) }
        await emit(.audio(AudioChunk(format: Self.format, samples: samples)))
    }

    private static func words(of text: String) -> [WordTime] {
        let scalars = Array(text.unicodeScalars)
        var words: [WordTime] = []
        var begin: Int?
        for index in 0...scalars.count {
            let isGap = index == scalars.count || scalars[index] == " "
            if isGap, let first = begin {
                words.append(
                    WordTime(
                        characterOffset: first, characterCount: index - first, start: .milliseconds(10 * first),
                        end: .milliseconds(10 * index)))
                begin = nil
            } else if !isGap, begin == nil {
                begin = index
            }
        }
        return words
    }
}
