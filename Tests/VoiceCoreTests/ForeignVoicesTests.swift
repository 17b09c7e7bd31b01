import Testing
import VoiceCore

@Suite struct ForeignVoicesTests {
    private static let voices = [
        Voice(id: "slt", engine: "flite", name: "SLT", language: "en-US", gender: .female, sampleRate: 16_000),
        Voice(id: "rms", engine: "flite", name: "RMS", language: "en-US", gender: .male, sampleRate: 16_000),
        Voice(id: "awb", engine: "flite", name: "AWB", language: "en-US", gender: .male, sampleRate: 16_000),
    ]

    @Test(arguments: ["alloy", "Emily.wav", "", "Überraschung", "af_heart"])
    func `the same name is the same voice, whatever the order of the list`(name: String) {
        let voice = ForeignVoices(Self.voices, usual: "slt").voice(for: name)
        #expect(voice != nil)
        #expect(ForeignVoices(Self.voices.reversed(), usual: "slt").voice(for: name) == voice)
    }

    @Test(arguments: [("nova", Voice.Gender.female), ("ONYX", .male), ("verse", .male), ("coral", .female)])
    func `a voice that is known keeps its gender`(name: String, gender: Voice.Gender) {
        #expect(ForeignVoices(Self.voices, usual: "slt").voice(for: name)?.gender == gender)
    }

    @Test func `different names are spread over the voices`() {
        let names = (0..<60).map { "voice-\($0)" }
        let counts = Dictionary(grouping: names) { ForeignVoices(Self.voices, usual: "slt").voice(for: $0)?.id }
        #expect(counts.count == 3 && counts.values.allSatisfy { $0.count > 8 })
    }

    @Test func `without any voice there is none`() {
        #expect(ForeignVoices([], usual: "slt").voice(for: "alloy") == nil)
    }

    @Test func `another voice moves only the names that it wins, and one of another language none`() {
        let german = Voice(id: "de", engine: "espeak", name: "de", language: "de", sampleRate: 22_050)
        let fourth = Voice(id: "m8", engine: "espeak", name: "m8", language: "en-us", sampleRate: 22_050)
        for number in 0..<200 {
            let before = ForeignVoices(Self.voices, usual: "slt").voice(for: "\(number)")
            #expect(ForeignVoices(Self.voices + [german], usual: "slt").voice(for: "\(number)") == before)
            let after = ForeignVoices(Self.voices + [fourth], usual: "slt").voice(for: "\(number)")
            #expect(after == before || after == fourth)
        }
    }
}
