import Testing
import VoiceCore

@testable import Speaking

@Suite struct ClauseCutterTests {
    @Test(arguments: [
        "", "Hello.", "Good morning. The build is green.", "One, two, three.\n\nFour!  Five? “Six.” Seven",
        String(repeating: "word ", count: 400), String(repeating: "x", count: 1_700),
        "Dr. No met J. S. Bach at 3.14 p.m.",
        "这是一个句子。这是另一个句子。", "e\u{301}te\u{301} 👩‍👩‍👧 done. And more text follows here.",
    ])
    func `the pieces joined together are the text`(text: String) {
        let pieces = ClauseCutter.cut(text)
        #expect(pieces.map(\.text).joined() == text)
        var offset = 0
        for piece in pieces {
            #expect(piece.characterOffset == offset)
            #expect(piece.text.unicodeScalars.count <= Clause.characterLimit)
            offset += piece.text.unicodeScalars.count
        }
    }

    @Test func `sentences become pieces, short ones together`() {
        let pieces = ClauseCutter.cut("Good morning. The build is green. Yes. So be it, then.").map(\.text)
        #expect(pieces == ["Good morning. ", "The build is green. ", "Yes. So be it, then."])
    }

    @Test func `a long sentence begins with a piece up to its comma`() {
        let text =
            "When the wind turned to the north in the early afternoon of that day, and the harbour lay empty, "
            + "nobody who had stayed behind believed any more that the boats would come back before the night."
        #expect((ClauseCutter.cut(text).first?.text.count ?? 0) <= 110)
    }

    @Test func `titles and initials do not end a sentence`() {
        #expect(ClauseCutter.cut("We saw Dr. Smith and J. S. Bach there.").count == 1)
    }
}

@Suite struct HeardTextTests {
    private let text = "One two three"
    private let words = [
        WordTime(characterOffset: 0, characterCount: 3, start: .zero, end: .milliseconds(300)),
        WordTime(characterOffset: 4, characterCount: 3, start: .milliseconds(400), end: .milliseconds(700)),
        WordTime(characterOffset: 8, characterCount: 5, start: .milliseconds(800), end: .milliseconds(1_200)),
    ]

    @Test(arguments: [(0, ""), (299, ""), (300, "One"), (750, "One two"), (1_200, "One two three")])
    func `a word counts as heard once it has ended`(position: Int, delivered: String) {
        let split = HeardText.split(
            text, words: words, at: .milliseconds(position), duration: .milliseconds(1_200), isComplete: true,
            isEstimated: false)
        #expect(split.delivered == delivered)
        #expect(split.delivered + split.unspoken == text)
        #expect(!split.isEstimated)
    }

    @Test func `without word times the split is an estimate and says so`() {
        let split = HeardText.split(
            text, words: [], at: .milliseconds(600), duration: .milliseconds(1_200), isComplete: false,
            isEstimated: false)
        #expect(split.delivered == "One tw")
        #expect(split.isEstimated)
    }

    @Test func `progress names the word that sounds`() {
        let progress = HeardText.progress(words: words, at: .milliseconds(450), characterCount: 13)
        #expect(progress?.wordIndex == 1)
        #expect(progress?.characterOffset == 4)
        #expect(progress?.characterEnd == 7)
        #expect(HeardText.progress(words: [], at: .zero, characterCount: 13) == nil)
    }

    @Test func `estimated words cover the text in order`() {
        let words = HeardText.estimate("One two", characterOffset: 10, from: .seconds(1), lasting: .milliseconds(700))
        #expect(words.map(\.characterOffset) == [10, 14])
        #expect(words.last?.end == .milliseconds(1_700))
    }
}
