package import Sound

/// One piece of text that an engine speaks in one go.
package struct Clause: Hashable, Sendable {
    /// ARCHITECTURE.md: one request is one clause of at most 500 characters.
    package static let characterLimit = 500

    package var text: String
    /// A voice id.
    package var voice: String
    /// BCP 47; nil for the voice's own.
    package var language: String?
    /// 0.25 to 4; 1 is the voice's own pace.
    package var speed: Double
    /// A factor of the voice's base frequency, 0.25 to 4; an engine that cannot change it keeps its own.
    package var pitch: Double
    /// In order, without overlap; an engine that cannot take one says the word as it is written.
    package var phonemes: [Phonemes]

    /// How a stretch of a clause is to sound.
    package struct Phonemes: Hashable, Sendable {
        /// In Unicode scalars of the clause's text.
        package var range: Range<Int>
        /// In the International Phonetic Alphabet.
        package var ipa: String

        package init(range: Range<Int>, ipa: String) {
            self.range = range
            self.ipa = ipa
        }
    }

    package init(
        text: String, voice: String, language: String? = nil, speed: Double = 1, pitch: Double = 1,
        phonemes: [Phonemes] = []
    ) {
        self.text = text
        self.voice = voice
        self.language = language
        self.speed = speed
        self.pitch = pitch
        self.phonemes = phonemes
    }
}

/// When a word sounds.
package struct WordTime: Hashable, Sendable {
    /// Unicode scalars from the beginning of the text.
    package var characterOffset: Int
    package var characterCount: Int
    /// From the first sample.
    package var start: Duration
    package var end: Duration

    package init(characterOffset: Int, characterCount: Int, start: Duration, end: Duration) {
        self.characterOffset = characterOffset
        self.characterCount = characterCount
        self.start = start
        self.end = end
    }
}

/// What an engine gives while it speaks.
package enum SynthesisPart: Hashable, Sendable {
    /// Word times of the clause, as far as the engine knows them; before the audio they belong to.
    case words([WordTime])
    /// Mono; all of one clause in one format.
    case audio(AudioChunk)
}

/// Why a clause was not spoken.
package enum SynthesisError: Error, Hashable, Sendable {
    case unknownVoice(String)
    /// The engine is starting, or could not be started.
    case notReady(engine: String)
    /// The engine died twice over the same clause.
    case died(engine: String)
    case timedOut(engine: String)
    /// The engine answered with an error of its own.
    case failed(engine: String, message: String)
}

/// An engine that turns text into speech.
package protocol Synthesizer: Sendable {
    /// The engine's name, such as `flite`.
    var name: String { get }

    /// The engine is asked for the next clause when less than this lies ahead of the slowest listener.
    var lead: Duration { get }

    /// What it does itself of what a clause wants.
    var skills: SpeechSkills { get }

    /// Whether its samples sound as they are: not trimmed, faded or evened in loudness.
    var isVerbatim: Bool { get }

    /// All voices the engine offers; answers at once, also while the engine starts.
    func voices() async -> [Voice]

    /// Speaks one clause and returns when its last sample was emitted.
    ///
    /// Cancelling the calling task ends the engine's work; the call then returns early without an error.
    ///
    /// - Parameter emit: Called in order; suspends when the reader is behind.
    func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError)
}

extension Synthesizer {
    /// ARCHITECTURE.md: the next clause is asked for when less than 3 s lie ahead of the slowest reader.
    package var lead: Duration { .seconds(3) }

    /// An engine that does it all.
    package var skills: SpeechSkills { .all }

    /// An engine for people.
    package var isVerbatim: Bool { false }
}
