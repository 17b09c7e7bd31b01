import Flow
import Sound
import SpokenText
import Testing
import VoiceCore

@testable import Speaking

@Suite struct ClauseSoundTests {
    /// An engine for people: 300 ms of silence around 400 ms of sound for each clause, one word all of it.
    private struct Voicy: Synthesizer {
        let name = "voicy"
        var loudness: Double?
        var skills = SpeechSkills.all
        static let format = AudioFormat(sampleRate: 16_000)

        func voices() async -> [Voice] {
            [Voice(id: "v", engine: "voicy", name: "V", language: "en", sampleRate: 16_000, loudness: loudness)]
        }

        func synthesize(
            _ clause: Clause, emit: @Sendable (SynthesisPart) async -> Void
        ) async throws(SynthesisError) {
            let silence = [Int16](repeating: 0, count: 4_800)
            let sound = (0..<6_400).map { Int16($0 / 8 % 2 == 0 ? 4_000 : -4_000) }
            let word = WordTime(
                characterOffset: 0, characterCount: 3, start: .milliseconds(300), end: .milliseconds(700))
            await emit(.words([word]))
            await emit(.audio(AudioChunk(format: Self.format, samples: silence + sound + silence)))
        }
    }

    private func speak(
        _ text: String, _ engine: Voicy = Voicy(), _ book: LoudnessBook = LoudnessBook()
    ) async -> Take {
        let take = Take()
        let reader = take.reader(from: .zero)
        let synthesis = Synthesis(
            request: SpeakRequest(text: text, session: .default), voice: "v", synthesizer: engine, take: take,
            standIn: { _, _ in nil }, pronunciations: Pronunciations(), loudness: book, inflow: nil)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await synthesis.run { _ in } }
            group.addTask {
                while case .samples? = await reader.next(atMost: 100_000) {}
            }
        }
        return take
    }

    @Test(
        arguments: [
            ("One and two go. Three and four.", 300), ("One goes now? “Two goes too.”", 300),
            ("<speak>One goes and <prosody rate='1'>two</prosody></speak>", nil),
            ("One [pause:1s] two", 1_000),
        ] as [(String, Int?)])
    func `a clause has its margins, and the pause of its mark behind it`(text: String, pause: Int?) async {
        let take = await speak(text)
        let clause = Duration.milliseconds(450)
        #expect(take.duration == clause * (pause == nil ? 1 : 2) + .milliseconds(pause ?? 0))
        #expect(take.words.map(\.start).first == .milliseconds(25))
        #expect(take.words.last?.end == take.duration - .milliseconds(25))
    }

    @Test(arguments: [0.5, 2])
    func `what an engine cannot do itself is done to its samples`(speed: Double) async {
        let plain = await speak("<speak><prosody rate='\(speed)'>One goes</prosody></speak>")
        #expect(plain.duration == .milliseconds(450), "this engine passes over the pace")
        let stretched = await speak(
            "<speak><prosody rate='\(speed)'>One goes</prosody></speak>", Voicy(skills: .none))
        let sound = (stretched.duration - .milliseconds(50)) / .milliseconds(400)
        #expect(abs(sound * speed - 1) < 0.15)
        #expect(stretched.words.last.map { abs(($0.end - $0.start) / .milliseconds(400) * speed - 1) < 0.01 } == true)
    }

    @Test func `a voice whose loudness is known is brought to that of all`() async throws {
        let plain = try #require(await speak("Hello there.").level(at: .milliseconds(300)))
        let engine = Voicy(loudness: SpeechLoudness.target - 6)
        let raised = try #require(await speak("Hello there.", engine).level(at: .milliseconds(300)))
        #expect(abs(raised - plain - 6) < 0.1)
    }

    @Test func `a voice that does not say it is measured, and evened in its next job`() async throws {
        let book = LoudnessBook()
        let text = String(repeating: "It is a sentence. ", count: 12)
        let first = try #require(await speak(text, Voicy(), book).level(at: .milliseconds(300)))
        let second = try #require(await speak(text, Voicy(), book).level(at: .milliseconds(300)))
        #expect(abs(second - first) > 1)
        let third = try #require(await speak(text, Voicy(), book).level(at: .milliseconds(300)))
        #expect(third == second)
    }
}
