import Engines
import Flow
import Sound
import Testing
import VoiceCore

@Suite struct ToneEngineTests {
    @Test func `a clause gives exactly the samples that are announced`() async throws {
        let recording = Recording()
        let clause = Clause(text: "Good morning, everybody.", voice: "tone", speed: 1.5)
        try await ToneEngine().synthesize(clause) { recording.take($0) }
        #expect(recording.samples == ToneEngine.samples(for: clause.text, speed: clause.speed))
        #expect(!recording.samples.isEmpty)
    }

    @Test func `the samples are those of the algorithm`() {
        // Computed outside of Swift after the description: "a" has the hash 0xE40C292C and so 420 Hz.
        let tone = ToneEngine.samples(for: " a ")
        #expect(tone.count == 2_400)
        #expect([tone[0], tone[60], tone[200], tone[1_439]] == [1, -3_200, 8_000, 1])
        #expect(tone[1_440...].allSatisfy { $0 == 1 })
        let sentence = ToneEngine.samples(for: "Good morning, everybody.", speed: 1.5)
        #expect(sentence.count == 23_040)
        let hash = sentence.reduce(into: UInt32(2_166_136_261)) { hash, sample in
            for byte in [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)] {
                hash = (hash ^ UInt32(byte)) &* 16_777_619
            }
        }
        #expect(hash == 512268177)
    }

    @Test func `a pitch changes the tones and no length`() {
        let (low, high) = (ToneEngine.samples(for: "a"), ToneEngine.samples(for: "a", pitch: 2))
        #expect(low.count == high.count)
        // 420 Hz and 840 Hz: what the one reaches at sample 40 the other has at sample 20 but for its fade.
        #expect(high[400] == low[800])
    }

    @Test func `words lie where they sound`() async throws {
        let recording = Recording()
        try await ToneEngine().synthesize(Clause(text: "é  two", voice: "tone")) { recording.take($0) }
        let millisecond = Duration.milliseconds(1)
        #expect(
            recording.words == [
                WordTime(characterOffset: 0, characterCount: 1, start: .zero, end: millisecond * 60),
                WordTime(characterOffset: 3, characterCount: 3, start: millisecond * 100, end: millisecond * 280),
            ])
    }

    @Test func `an empty text gives nothing`() async throws {
        let recording = Recording()
        try await ToneEngine().synthesize(Clause(text: " \n", voice: "tone")) { recording.take($0) }
        #expect(recording.partCount == 0)
    }

    @Test func `the slow voice waits before each chunk`() async throws {
        let sleeps = Monitor<[Duration]>([])
        let timeline = Timeline(now: { .zero }, sleepUntil: { time in sleeps.update { $0.append(time) } })
        let recording = Recording()
        let engine = ToneEngine(slowness: .seconds(3), timeline: timeline)
        try await engine.synthesize(Clause(text: "hello there", voice: "tone-slow")) { recording.take($0) }
        #expect(recording.samples == ToneEngine.samples(for: "hello there"))
        #expect(sleeps.withLock { $0 } == Array(repeating: .seconds(3), count: recording.partCount - 1))
    }

    @Test func `another voice is unknown`() async {
        await #expect(throws: SynthesisError.unknownVoice("slt")) {
            try await ToneEngine().synthesize(Clause(text: "a", voice: "slt")) { _ in }
        }
    }
}
