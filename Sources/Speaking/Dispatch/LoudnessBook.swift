private import Glibc
internal import Flow
internal import Sound
internal import VoiceCore

/// Knows how loud each voice is, and by how much it is to be raised or lowered so that all are equally loud.
///
/// Where an engine does not say it, the voice is measured while it speaks. A job keeps the gain it began with.
package final class LoudnessBook: Sendable {
    /// Beyond 12 dB the noise of a voice would be raised with it.
    private static let gainLimit = 12.0
    /// Less speech than this says too little, more than this nothing new.
    private static let (least, most) = (Duration.seconds(2), Duration.seconds(20))
    /// Voices that are measured; who has more forgets those measured first.
    private static let voiceLimit = 1_000

    private struct Contents: Sendable {
        var measured: [String: Double] = [:]
        var order: [String] = []
    }

    private let contents = Monitor(Contents())

    package init() {}

    /// How a job is to treat the voice's samples.
    func level(of voice: String, by synthesizer: any Synthesizer) async -> VoiceLevel {
        if synthesizer.isVerbatim { return VoiceLevel() }
        let stated = await synthesizer.voices().first { voice == $0.id || voice.hasSuffix("/" + $0.id) }?.loudness
        guard let loudness = stated ?? contents.withLock({ $0.measured[voice] }) else {
            return VoiceLevel(measure: VoiceMeasure(voice: voice, book: self))
        }
        let decibels = min(max(SpeechLoudness.target - loudness, -Self.gainLimit), Self.gainLimit)
        return VoiceLevel(gain: pow(10, decibels / 20))
    }

    fileprivate func note(_ loudness: SpeechLoudness, of voice: String) {
        guard loudness.duration >= Self.least, let lufs = loudness.lufs else { return }
        contents.withLock { contents in
            if contents.measured.updateValue(lufs, forKey: voice) == nil { contents.order.append(voice) }
            if contents.order.count > Self.voiceLimit {
                contents.measured.removeValue(forKey: contents.order.removeFirst())
            }
        }
    }

    fileprivate static func isEnough(_ loudness: SpeechLoudness) -> Bool { loudness.duration >= most }
}

/// How a job treats a voice's samples.
struct VoiceLevel: Sendable {
    /// A factor.
    var gain = 1.0
    /// Nil where it is known how loud the voice is.
    var measure: VoiceMeasure?
}

/// Measures a voice while one job is spoken.
final class VoiceMeasure: Sendable {
    private let voice: String
    private let book: LoudnessBook
    private let loudness = Monitor<SpeechLoudness?>(nil)

    fileprivate init(voice: String, book: LoudnessBook) {
        self.voice = voice
        self.book = book
    }

    /// - Parameter chunk: As the engine made it, before any gain.
    func add(_ chunk: AudioChunk) {
        let known = loudness.withLock { loudness in
            var measure = loudness ?? SpeechLoudness(sampleRate: chunk.format.sampleRate)
            if !LoudnessBook.isEnough(measure) { measure.add(chunk.samples) }
            loudness = measure
            return measure
        }
        book.note(known, of: voice)
    }
}
