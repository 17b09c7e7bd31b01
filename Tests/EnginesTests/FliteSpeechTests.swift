import Engines
import Sound
import Testing
import VoiceCore

/// One after the other, since each has processes of its own that use a core.
@Suite(.serialized) struct FliteSpeechTests {
    @Test(arguments: ["slt", "rms", "awb", "kal16"])
    func `every voice speaks, and its words lie in order within the audio`(voice: String) async throws {
        let text = "Hello, “wörld”! Dr. Smith came in 1984 — isn’t it nice? 😀 Yes."
        try await FliteRig.run { rig in
            let recording = Recording()
            try await rig.speak(text, voice: voice, into: recording)
            #expect(recording.formats == [AudioFormat(sampleRate: 16_000)])
            #expect(!recording.hadAudioBeforeWords)
            #expect(recording.samples.contains { abs(Int($0)) > 1_000 })
            let scalars = Array(text.unicodeScalars)
            let words = recording.words.map { word in
                scalars[word.characterOffset..<word.characterOffset + word.characterCount].map(String.init).joined()
            }
            #expect(words == ["Hello", "wörld", "Dr", "Smith", "came", "in", "1984", "isn’t", "it", "nice", "Yes"])
            var last = Duration.zero
            for word in recording.words {
                #expect(word.start >= last && word.end > word.start)
                last = word.end
            }
            #expect(last <= AudioFormat(sampleRate: 16_000).duration(of: recording.samples.count))
        }
    }

    @Test func `the voices known beforehand are those of the worker`() async throws {
        try await FliteRig.run { rig in
            #expect(await rig.engine.voices() == WyomingEngine.fliteVoices)
            await rig.wait(for: .ready)
            #expect(await rig.engine.voices() == WyomingEngine.fliteVoices)
        }
    }

    @Test(arguments: ["", " ", "...!?", "😀 🎉", "日本語", "—"])
    func `a text without letters gives no audio`(text: String) async throws {
        try await FliteRig.run { rig in
            let last = try await rig.samples(of: text)
            #expect(last.isEmpty)
        }
    }

    @Test func `speed shortens speech`() async throws {
        try await FliteRig.run { rig in
            let normal = try await rig.samples(of: "One two three four five.")
            for voice in ["slt", "kal16"] {
                let slow = Recording()
                try await rig.speak("One two three four five.", voice: voice, speed: 0.5, into: slow)
                let fast = Recording()
                try await rig.speak("One two three four five.", voice: voice, speed: 2, into: fast)
                let ratio = Double(slow.samples.count) / Double(fast.samples.count)
                #expect((3.5...4.5).contains(ratio))
                #expect(!normal.isEmpty)
            }
        }
    }

    @Test func `the same text gives the same samples, whatever was said between`() async throws {
        try await FliteRig.run { rig in
            let text = "The quick brown fox jumps over the lazy dog."
            let first = try await rig.samples(of: text)
            _ = try await rig.samples(of: "Something else.", voice: "rms")
            #expect(try await rig.samples(of: text) == first)
        }
    }

    @Test(arguments: ["nobody", "flite/nobody"]) func `an unknown voice is refused`(voice: String) async throws {
        try await FliteRig.run { rig in
            await #expect(throws: SynthesisError.unknownVoice(voice)) { try await rig.samples(of: "a", voice: voice) }
            let last = try await rig.samples(of: "a", voice: "flite/slt")
            #expect(!last.isEmpty)
        }
    }

    @Test(arguments: [
        String(repeating: "x", count: 500), String(repeating: "9", count: 500), String(repeating: "(", count: 500),
        String(repeating: "a!", count: 250), "$1,000,000.50 + 3% = @#^&*~|\\/<>", "A.B.C. Mr. St. 3rd XIV 1/2 12:30",
        "http://example.com/a?b=c&d=%20", "'''''''a''''''''", "\u{0}\u{1}a\u{7F}",
    ])
    func `odd texts do not kill the worker`(text: String) async throws {
        try await FliteRig.run { rig in
            await rig.wait(for: .ready)
            let processes = rig.processes
            for voice in ["slt", "kal16"] { _ = try await rig.samples(of: text, voice: voice) }
            #expect(rig.processes == processes)
        }
    }
}
