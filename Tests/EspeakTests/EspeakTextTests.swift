import Testing
import Wyoming
import hearsay_espeak

@Suite struct EspeakTextTests {
    @Test(
        arguments: [
            ("dʒɪf", "'dZIf"), ("ˈt͡ʃɜːtʃ", "'tS3:tS"), ("/təˈmɑː.təʊ/", "t@m'A:t@U"), ("ŋ", "'N"), ("☃", nil),
            ("", nil),
            ("ˈ", nil), ("dʒɪf☃", nil),
        ] as [(String, String?)])
    func `IPA is written in espeak-ng's signs, or not at all`(ipa: String, signs: String?) {
        // The stress of the third stands before the syllable in IPA, and before the vowel here or there.
        let found = IPASymbols.signs(for: ipa) { _ in true }
        #expect(found?.replacing("'", with: "") == signs?.replacing("'", with: ""))
        #expect(found?.contains("'") != false)
    }

    @Test func `a sign that the language lacks is replaced by the next best, else the word stays`() {
        #expect(IPASymbols.signs(for: "ˈøː") { $0 != "Y:" } == "'Y")
        #expect(IPASymbols.signs(for: "ˈθ") { _ in false } == nil)
    }

    @Test func `a word in signs keeps its place in the text`() {
        let word = SpokenPhonemes(characterIndex: 4, characterCount: 3, ipa: "x")
        let text = EspeakText("The gif is", [word]) { _ in "'dZIf" }
        #expect(String(String.UnicodeScalarView(text.scalars)) == "The [['dZIf]] is")
        #expect(text.origin(of: 4..<13) == 4..<7)
        #expect(text.origin(of: 6..<8) == 4..<7)
        #expect(text.origin(of: 14..<16) == 8..<10)
        #expect(text.origin(of: 16..<20) == nil)
    }

    @Test func `brackets of the text are no signs, and a pronunciation outside of the text is passed over`() {
        let words = [
            SpokenPhonemes(characterIndex: 3, characterCount: 3, ipa: "x"),
            SpokenPhonemes(characterIndex: 4, characterCount: 1, ipa: "x"),
            SpokenPhonemes(characterIndex: 90, characterCount: 9, ipa: "x"),
        ]
        let text = EspeakText("[[ gif", words) { _ in "'x" }
        #expect(String(String.UnicodeScalarView(text.scalars)) == "   [['x]]")
        #expect(!EspeakText("[[a]]").hasSigns)
    }

    @Test(
        arguments: [
            (50, 1, 50, 1), (50, 2, 99, 1), (50, 0.5, 0, 1), (8, 1, 8, 1), (50, 4, 99, 2.03), (8, 0.5, 0, 0.56),
        ]
            as [(Int, Double, Int, Double)])
    func `a pitch is taken from espeak-ng's own scale as far as it goes`(
        usual: Int, factor: Double, value: Int, rest: Double
    ) {
        let pitch = EspeakPitch(usual, times: factor)
        #expect(pitch.value == value)
        #expect(abs(pitch.rest - rest) < 0.02)
    }
}
