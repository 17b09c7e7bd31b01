import Hearing
import Testing
import VoiceCore

@Suite struct SubtitlesTests {
    @Test func `cues are cut between words, neither too long to read nor too long on the screen`() {
        var subtitles = Subtitles()
        let words = (0..<60).map { index in
            TranscriptWord(
                text: "word\(index)", start: .milliseconds(400 * index), end: .milliseconds(400 * index + 300))
        }
        let cues = subtitles.add(said(words.map(\.text).joined(separator: " "), words))
        #expect(cues.map(\.text).joined(separator: " ") == words.map(\.text).joined(separator: " "))
        #expect(cues.count > 2)
        for cue in cues { #expect(cue.text.count <= 84 && cue.end - cue.start <= .seconds(7)) }
        for (first, second) in zip(cues, cues.dropFirst()) { #expect(first.end <= second.start) }
        #expect(cues.first?.start == .seconds(3_600))
    }

    @Test func `without times of words an utterance is one cue`() {
        var subtitles = Subtitles()
        #expect(
            subtitles.add(said("a < b", []))
                == [Subtitles.Cue(start: .seconds(3_600), end: .seconds(3_630), text: "a < b")])
        #expect(subtitles.add(said("", [])).isEmpty)
    }

    @Test func `cues are written as players read them`() {
        let cue = Subtitles.Cue(start: .milliseconds(3_723_004), end: .seconds(3_725), text: "a < b")
        #expect(Subtitles.srt(cue, number: 7) == "7\n01:02:03,004 --> 01:02:05,000\na < b\n\n")
        #expect(Subtitles.vtt(cue) == "01:02:03.004 --> 01:02:05.000\na &lt; b\n\n")
    }

    private func said(_ text: String, _ words: [TranscriptWord]) -> SaidText {
        SaidText(
            start: .seconds(3_600), end: .seconds(3_630), transcript: Transcript(text: text, words: words))
    }
}
