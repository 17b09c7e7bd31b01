import Testing
import VoiceCore

@testable import hearsay

@Suite struct DetectionOptionTests {
    private func read(_ arguments: String...) throws -> VoiceDetectionSettings {
        try DetectionOption.read(ArgumentParser(.hear).parse(arguments))
    }

    @Test func `how speech is found is named in one option or several`() throws {
        #expect(try read() == VoiceDetectionSettings())
        let all = VoiceDetectionSettings(
            threshold: 0.6, minimumSpeech: .milliseconds(200), silence: .milliseconds(700), longest: .seconds(30),
            pad: .milliseconds(500))
        #expect(try read("--vad", "threshold=0.6,silence=700ms,speech=0.2,longest=30s,pad=500ms") == all)
        let some = try read("--vad", "silence=700ms", "--vad", "threshold=0.6,silence=1s")
        #expect(some == VoiceDetectionSettings(threshold: 0.6, silence: .seconds(1)))
    }

    @Test(arguments: [
        "", "threshold", "threshold=", "threshold=2", "threshold=nan", "silence=6s", "silence=long", "speech=3s",
        "longest=1m", "pad=-1s", "loudness=3", "threshold=0.5,", "silence=1s silence=2s",
    ])
    func `what cannot be used is a usage error`(value: String) {
        #expect(throws: UsageError.self) { try read("--vad", value) }
    }
}
