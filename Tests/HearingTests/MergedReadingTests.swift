import Hearing
import Testing
import VoiceCore

@Suite struct MergedReadingTests {
    /// A word for each 100 ms and a confidence for each word; `_` is a pause.
    private static func reading(_ text: String, _ confidences: [Double]) -> Transcript {
        var left = confidences[...]
        let words = text.split(separator: " ").enumerated().compactMap { index, word in
            word == "_"
                ? nil
                : TranscriptWord(
                    text: String(word), start: .milliseconds(100 * index), end: .milliseconds(100 * index + 100),
                    confidence: left.popFirst())
        }
        return Transcript(text: words.map(\.text).joined(separator: " "), words: words)
    }

    private static func merged(_ first: Transcript, _ second: Transcript) -> String? {
        MergedReading(first: first, second: second)?.transcript(like: second).text
    }

    @Test func `where readings differ the surer words stand`() {
        let first = Self.reading("ask knot what your county can", [0.9, 0.2, 0.9, 0.9, 0.8, 0.9])
        let second = Self.reading("ask not what your country can", [0.1, 0.6, 0.1, 0.1, 0.4, 0.1])
        #expect(Self.merged(first, second) == "ask not what your county can")
    }

    @Test func `a stretch is taken as a whole`() {
        let first = Self.reading("go for ward ten", [0.9, 0.3, 0.5, 0.9])
        #expect(Self.merged(first, Self.reading("go forward _ ten", [0.9, 0.5, 0.9])) == "go forward ten")
        #expect(Self.merged(first, Self.reading("go forward _ ten", [0.9, 0.4, 0.9])) == "go for ward ten")
    }

    @Test(arguments: [(0.6, "go on"), (0.4, "go")])
    func `a word that one reading lacks stands where it is more likely than not`(_ confidence: Double, _ text: String) {
        let (short, long) = (Self.reading("go", [0.9]), Self.reading("go on", [0.9, confidence]))
        #expect(Self.merged(short, long) == text)
        #expect(Self.merged(long, short) == text)
    }

    @Test func `a word that is said at another time is another word`() {
        let (early, late) = (Self.reading("no _ _ _", [0.4]), Self.reading("_ _ _ no", [0.8]))
        #expect(MergedReading(first: early, second: late)?.words == late.words)
        #expect(MergedReading(first: late, second: early)?.words == late.words)
    }

    @Test func `no word begins before the one before it ends`() throws {
        let country = TranscriptWord(text: "country", start: .seconds(1), end: .seconds(2), confidence: 0.9)
        let words = [("in", 1_000, 1_100), ("a", 1_100, 1_200), ("country", 1_200, 2_000)].map { text, start, end in
            TranscriptWord(text: text, start: .milliseconds(start), end: .milliseconds(end), confidence: 0.9)
        }
        let merged = MergedReading(
            first: Transcript(text: "country", words: [country]),
            second: Transcript(text: "in a country", words: words))
        #expect(try #require(merged).words == words)
    }

    @Test func `readings without words or confidences do not compare`() {
        let weighed = Self.reading("yes", [0.5])
        for other in [Self.reading("no", []), Transcript(text: "no"), Transcript(text: "")] {
            #expect(MergedReading(first: weighed, second: other) == nil)
            #expect(MergedReading(first: other, second: weighed) == nil)
        }
    }
}
