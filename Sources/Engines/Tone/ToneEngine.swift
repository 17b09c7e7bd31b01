package import Flow
package import Sound
package import VoiceCore

/// An engine whose samples can be computed by anybody: it plays one tone for each word, for tests.
///
/// **Algorithm**, in whole numbers, `/` rounding down, so that any language gives the same samples:
/// - Words are the longest runs of Unicode scalars other than space, tab, line feed and carriage return.
/// - A word of `n` scalars lasts `min(60 * n, 900)` ms at 24,000 samples a second, so
///   `count = floor(min(60 * n, 900) * 24 / speed)` samples; the division by `speed` is in double precision.
/// - Its frequency is `floor((200 + h % 600) * pitch)` Hz, `h` being the 32-bit FNV-1a hash of the word's UTF-8; the
///   multiplication by `pitch` is in double precision.
/// - Sample `i` of the word is a triangle: `p = (i * frequency) % 24000`,
///   `u = 16000 * p / 12000` if `p < 12000`, else `16000 * (24000 - p) / 12000`, faded at both ends by
///   `g = min(i, count - 1 - i, 120)`: the sample is `u * g / 120 - 8000 * g / 120`.
/// - Each word, also the last, is followed by `floor(960 / speed)` samples of pause.
/// - A sample that would be 0, in a pause or elsewhere, is 1: nobody hears it, and a test can tell it from the silence
///   around the sound, so that it sees whether a pause was shortened.
package final class ToneEngine: Engine {
    package let name = "tone"
    private let slowness: Duration
    private let timeline: Timeline

    /// How samples are to be read.
    package static let format = AudioFormat(sampleRate: 24_000, channelCount: 1)

    /// The ids of its voices.
    package static let voiceIDs = ["tone", "tone-slow"]

    /// 100 ms: what one emitted chunk holds at most.
    package static let chunkSampleCount = 2_400

    /// - Parameter slowness: How long `tone-slow` waits before each chunk.
    package init(slowness: Duration = .milliseconds(100), timeline: Timeline = .live()) {
        self.slowness = slowness
        self.timeline = timeline
    }

    /// Anybody shall be able to compute what sounds.
    package var isVerbatim: Bool { true }

    package func run() async throws {
        await Latch().wait()
    }

    package var state: EngineState { EngineState(engine: name, phase: .ready) }

    package func state(after known: EngineState?) async -> EngineState? {
        if known == state { await Latch().wait() }
        return known == state ? nil : state
    }

    package func voices() async -> [Voice] {
        [("tone", "A tone for each word"), ("tone-slow", "The same, in no hurry")].map { id, description in
            Voice(
                id: id, engine: name, name: id, language: "und", sampleRate: Self.format.sampleRate,
                description: description)
        }
    }

    package func synthesize(
        _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
    ) async throws(SynthesisError) {
        let isSlow = clause.voice.hasSuffix("tone-slow")
        guard isSlow || clause.voice.hasSuffix("tone") else { throw .unknownVoice(clause.voice) }
        let melody = ToneMelody(clause.text, speed: clause.speed, pitch: clause.pitch)
        if !melody.words.isEmpty { await emit(.words(melody.words)) }
        var rest = melody.samples[...]
        while !rest.isEmpty {
            if isSlow { await timeline.sleep(until: timeline.now + slowness) }
            if Task.isCancelled { return }
            await emit(.audio(AudioChunk(format: Self.format, samples: Array(rest.prefix(Self.chunkSampleCount)))))
            rest = rest.dropFirst(Self.chunkSampleCount)
        }
    }

    /// All samples of a text.
    package static func samples(for text: String, speed: Double = 1, pitch: Double = 1) -> [Int16] {
        ToneMelody(text, speed: speed, pitch: pitch).samples
    }
}
