import SpokenText
import Testing
import VoiceCore

@testable import Speaking

@Suite struct MoodTests {
    @Test func `a request knows the moods that markers know`() {
        #expect(Mood.allCases.map(\.rawValue) == Emotion.allCases.map(\.rawValue))
    }
}

@Suite struct ClauseCutterTests {
    @Test(arguments: [
        "", "Hello.", "Good morning. The build is green.", "One, two, three.\n\nFour!  Five? “Six.” Seven",
        String(repeating: "word ", count: 400), String(repeating: "x", count: 1_700),
        "Dr. No met J. S. Bach at 3.14 p.m.",
        "这是一个句子。这是另一个句子。", "e\u{301}te\u{301} 👩‍👩‍👧 done. And more text follows here.",
    ])
    func `the pieces joined together are the text`(text: String) {
        let pieces = ClauseCutter.cut(MappedText(text))
        #expect(pieces.first?.lowerBound ?? 0 == 0)
        #expect(pieces.last?.upperBound ?? 0 == text.unicodeScalars.count)
        #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(pieces.allSatisfy { (1...Clause.characterLimit).contains($0.count) })
    }

    private func pieces(_ text: String) -> [String] {
        SpokenPiece.pieces(of: Script(text)).map(\.text.string)
    }

    @Test func `sentences become pieces, short ones together`() {
        let pieces = pieces("Good morning. The build is green. Yes. So be it, then.")
        #expect(pieces == ["Good morning. ", "The build is green. ", "Yes. So be it, then."])
    }

    @Test func `a long sentence begins with a piece up to its comma`() {
        let text =
            "When the wind turned to the north in the early afternoon of that day, and the harbour lay empty, "
            + "nobody who had stayed behind believed any more that the boats would come back before the night."
        #expect((pieces(text).first?.count ?? 0) <= 110)
    }

    @Test func `what is spoken for one word of the original is not cut`() {
        let text = "It was ready on " + String(repeating: "2024-05-03 ", count: 12)
        for piece in SpokenPiece.pieces(of: Script(text)) {
            #expect(piece.text.string.split(separator: " ").last?.hasSuffix("twenty-four") == true)
        }
    }

    @Test func `a pronunciation stays with its word where a segment is cut`() {
        let text =
            "<speak>It was ready on the first day of the month. "
            + "<phoneme ph='dʒɪf'>gif</phoneme> is a word of its own here.</speak>"
        let pieces = SpokenPiece.pieces(of: Script(text))
        #expect(pieces.map(\.phonemes.count) == [0, 1])
        #expect(pieces.last?.phonemes.first.map { pieces[1].text.slice($0.range).string } == "gif")
    }

    @Test func `titles and initials do not end a sentence`() {
        #expect(ClauseCutter.cut(MappedText("We saw Dr. Smith and J. S. Bach there.")).count == 1)
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

@Suite struct SpokenPieceTests {
    @Test(arguments: [("a", true), ("5", true), ("€", true), ("日本", true), ("…", false), ("?! –", false), ("", false)])
    func `marks without a word are nothing to say`(text: String, isSpeakable: Bool) {
        #expect(MappedText(text).isSpeakable == isSpeakable)
    }

    @Test func `a pause stands before the first piece of what follows it`() {
        let pieces = SpokenPiece.pieces(of: Script("One is here now. [pause:2s] Two is here now. Three is here now."))
        #expect(pieces.map(\.pauseBefore) == [.zero, .seconds(2), .zero])
    }
}

@Suite struct WordTranslationTests {
    private func word(_ offset: Int, _ count: Int, _ start: Int) -> WordTime {
        WordTime(
            characterOffset: offset, characterCount: count, start: .milliseconds(start),
            end: .milliseconds(start + 100))
    }

    private func piece(_ text: String) -> MappedText {
        SpokenPiece.pieces(of: Script(text)).first?.text ?? MappedText("")
    }

    /// Every word of the text, 100 ms each.
    private func words(of text: MappedText) -> [WordTime] {
        HeardText.estimate(text.string, characterOffset: 0, from: .zero, lasting: .seconds(1))
    }

    @Test func `the words of a sum of money are one word of the original`() {
        let text = piece("It is $5.20 now")
        var translation = WordTranslation(text, from: .seconds(2))
        let words = translation.translate(words(of: text)) + translation.finish()
        #expect(words.map(\.characterOffset) == [0, 3, 6, 12])
        #expect(words.map(\.characterCount) == [2, 2, 5, 3])
        #expect(words.first?.start == .seconds(2))
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start })
    }

    @Test func `a word is told as soon as it is complete`() {
        let text = piece("$5 now")
        #expect(text.string == "five dollars now")
        var translation = WordTranslation(text, from: .zero)
        #expect(translation.translate([word(0, 4, 0)]).isEmpty)
        #expect(
            translation.translate([word(5, 7, 100)]) == [
                WordTime(characterOffset: 0, characterCount: 2, start: .zero, end: .milliseconds(200))
            ])
        #expect(translation.translate([word(13, 3, 200)]).map(\.characterOffset) == [3])
        #expect(translation.finish().isEmpty)
    }

    @Test func `marks belong to no word`() {
        let text = piece("**Bold** [link](https://example.org) end")
        var translation = WordTranslation(text, from: .zero)
        let words = translation.translate(words(of: text)) + translation.finish()
        #expect(words.map(\.characterOffset) == [2, 10, 37])
        #expect(words.map(\.characterCount) == [4, 4, 3])
    }
}
