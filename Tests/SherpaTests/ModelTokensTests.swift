import Testing
import hearsay_sherpa

@Suite struct ModelTokensTests {
    @Test func `a line is a piece and a number, and the piece may be a space`() {
        #expect(ModelTokens("<blk> 0\n▁HE 1\n  2\n\nbroken\n").pieces == ["<blk>", "▁HE", " "])
    }

    @Test(arguments: [
        ("<blk> 0\n▁HE 1\nLLO 2\n' 3\n", true), ("<unk> 0\n▁He 1\n", false), ("▁he 0\n", false), ("你 0\n", false),
        ("", false),
    ])
    func `capital letters mean nothing where there are no others`(_ text: String, isUppercase: Bool) {
        #expect(ModelTokens(text).isUppercase == isUppercase)
    }
}
