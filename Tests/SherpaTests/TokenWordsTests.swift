import Sherpa
import Testing
import Wyoming
import hearsay_sherpa

@Suite struct TokenWordsTests {
    private func words(
        _ text: String, _ tokens: [String], _ starts: [Float], durations: [Float] = [], logarithms: [Float] = []
    ) -> [String] {
        var said = SherpaText()
        (said.text, said.tokens, said.starts) = (text, tokens, starts)
        (said.durations, said.logProbabilities) = (durations, logarithms)
        return TokenWords(said, text: text, length: 4).words.map {
            let sure = $0.confidence.map { " \(Int(($0 * 100).rounded())) %" } ?? ""
            return "\($0.text) \($0.startMilliseconds)-\($0.endMilliseconds)\(sure)"
        }
    }

    @Test(arguments: [
        ["▁HE", "LLO", "▁WORLD"], [" he", "llo", " world"], ["hel@@", "lo", "world"],
        ["h", "e", "l", "l", "o", "world"],
    ])
    func `a word lasts from its first token to its last`(_ tokens: [String]) {
        let starts = tokens.indices.map { Float($0) * 0.25 }
        let last = Int(starts[tokens.count - 1] * 1_000)
        #expect(words("hello world", tokens, starts) == ["hello 0-\(last)", "world \(last)-\(last + 400)"])
    }

    @Test func `marks and signs of the model's own have no time`() {
        let tokens = ["<|en|>", "▁Well", ",", "▁yes", "."]
        #expect(words("Well, yes.", tokens, [0, 0.5, 0.7, 1, 1.2]) == ["Well, 500-700", "yes. 1000-1200"])
    }

    @Test func `one token may hold several words`() {
        #expect(words("new york", ["▁new york"], [0.5]) == ["new 500-900", "york 500-900"])
    }

    @Test func `signs without spaces between them are words of their own`() {
        #expect(words("你好 ok", ["你", "好", "▁ok"], [0, 0.2, 0.5]) == ["你 0-200", "好 200-500", "ok 500-900"])
    }

    @Test func `a model that knows how long its tokens are is believed`() {
        #expect(
            words("yes no", ["▁yes", "▁no"], [0.5, 2], durations: [0.25, 0.125]) == ["yes 500-750", "no 2000-2125"])
    }

    @Test func `a word is as sure as its tokens are in the mean`() {
        let found = words("yes no", ["▁y", "es", "▁no"], [0, 1, 2], logarithms: [0, -0.6931, -20])
        #expect(found == ["yes 0-1400 75 %", "no 2000-2400 0 %"])
    }

    @Test func `nothing lies outside of the utterance`() {
        #expect(words("yes", ["▁yes"], [9]) == ["yes 4000-4000"])
        #expect(words("yes", ["▁yes"], [-1]) == ["yes 0-0"])
    }

    @Test func `tokens that spell something else tell nothing`() {
        #expect(words("twenty", ["▁2", "0"], [0, 1]).isEmpty)
        #expect(words("grüße", ["▁gr", "<0xC3>", "<0xBC>", "ße"], [0, 1, 2, 3]).isEmpty)
        #expect(words("yes", ["▁yes"], []).isEmpty)
        #expect(words("", [], []).isEmpty)
    }
}
