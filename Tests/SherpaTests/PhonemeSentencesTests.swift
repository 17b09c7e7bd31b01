import Testing
import hearsay_sherpa

@Suite struct PhonemeSentencesTests {
    private func texts(_ ipa: String) -> [String] {
        PhonemeSentences(ipa).sentences.map { sentence in
            String(String.UnicodeScalarView(sentence.compactMap { Unicode.Scalar(UInt32($0)) }))
        }
    }

    @Test func `a sentence ends at its mark, and keeps it`() {
        #expect(texts("həlˈoʊ, wˈɜːld! haʊ ɑːɹ juː? fˈaɪn") == ["həlˈoʊ, wˈɜːld!", "haʊ ɑːɹ juː?", "fˈaɪn"])
    }

    @Test func `marks without a sound are no sentence`() {
        #expect(texts("... ! ?").isEmpty)
        #expect(texts("").isEmpty)
    }

    @Test func `a sentence that is too long for a model is cut between words, and nothing is lost`() {
        let words = Array(repeating: "həlˈoʊ", count: 200).joined(separator: " ")
        let sentences = texts(words)
        #expect(sentences.count > 1)
        #expect(sentences.allSatisfy { $0.unicodeScalars.count <= PhonemeSentences.scalarLimit })
        #expect(sentences.joined(separator: "").filter { $0 != " " } == words.filter { $0 != " " })
    }
}
