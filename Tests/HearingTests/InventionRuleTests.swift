import Hearing
import Testing
import VoiceCore

@Suite struct InventionRuleTests {
    private let rule = InventionRule()

    @Test(arguments: ["thanks", "bye", "thank you", "Break, break, break.", "yes yes yes yes", "you"])
    func `what was said in speech is believed, whatever it is`(_ text: String) {
        #expect(rule.reason(against: text, evidence(voicedWindows: 30)) == nil)
    }

    @Test(arguments: ["thanks", "bye", "you", "Break, break, break.", "yes yes yes yes", "", "go on go on go on go on"])
    func `a text without its sound is believed unless nobody would say it`(_ text: String) {
        #expect(rule.reason(against: text, lasting: nil) == nil)
        #expect(rule.reason(against: text, lasting: .seconds(2)) == nil)
    }

    @Test func `a text without its sound is judged by its length and its repetitions`() {
        let nagging = Array(repeating: "I'm going home", count: 8).joined(separator: " ")
        #expect(rule.reason(against: nagging, lasting: nil) == .repetition)
        #expect(rule.reason(against: nagging, lasting: .seconds(2)) == .repetition)
        #expect(rule.reason(against: nagging, lasting: .seconds(8)) == nil)
        #expect(rule.reason(against: "five words in a moment", lasting: .milliseconds(200)) == .tooMuchText)
    }

    @Test func `a short word is believed`() {
        #expect(rule.reason(against: "no", evidence(voicedWindows: 3)) == nil)
    }

    @Test(arguments: ["thanks", "Thank you for watching!"])
    func `the same words are not believed where nobody spoke`(_ text: String) {
        #expect(rule.reason(against: text, evidence(voicedWindows: 1)) == .noSpeech)
        #expect(rule.reason(against: text, evidence(voicedWindows: 30, speechLevel: -70)) == .noSound)
        #expect(rule.reason(against: text, evidence(voicedWindows: 30, speechLevel: -42, quiet: -45)) == .noSound)
    }

    @Test(arguments: [(0.5, 0.59, false), (0.5, 0.76, true), (0.2, 0.59, false), (0.2, 0.61, true), (0.9, 0.94, false)])
    func `a detector that was never sure does not bear out a text`(_ threshold: Double, _ best: Double, _ isSure: Bool)
    {
        var evidence = SpeechEvidence()
        evidence.take(.init(probability: 0, level: -75), threshold: threshold)
        for _ in 0..<30 { evidence.take(.init(probability: best, level: -25), threshold: threshold) }
        #expect(rule.reason(against: "one two", evidence) == (isSure ? nil : .noSpeech))
    }

    @Test func `more text than anybody can say is not believed`() {
        let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
        #expect(rule.reason(against: text, evidence(voicedWindows: 40)) == .tooMuchText)
        #expect(rule.reason(against: text, evidence(voicedWindows: 200)) == nil)
    }

    @Test func `a phrase over and over is believed only at the pace of a speaker`() {
        let text = Array(repeating: "I'm going home", count: 5).joined(separator: " ")
        #expect(rule.reason(against: text, evidence(voicedWindows: 40)) == .repetition)
        #expect(rule.reason(against: text, evidence(voicedWindows: 100)) == nil)
    }

    @Test func `no text needs no belief`() {
        #expect(rule.reason(against: "  ", evidence(voicedWindows: 0)) == nil)
    }

    private func evidence(
        voicedWindows: Int, speechLevel: Double = -25, quiet: Double = -75
    ) -> SpeechEvidence {
        var evidence = SpeechEvidence()
        for _ in 0..<voicedWindows {
            evidence.take(.init(probability: 0.9, level: speechLevel), threshold: 0.5)
        }
        for _ in 0..<10 { evidence.take(.init(probability: 0.1, level: quiet), threshold: 0.5) }
        return evidence
    }
}
