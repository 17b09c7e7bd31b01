import Testing
import hearsay_sherpa

@Suite struct PhraseWriterTests {
    private func writer(_ tokens: [String], _ pieces: SentencePieces? = nil) -> PhraseWriter {
        PhraseWriter(ModelTokens(tokens.enumerated().map { "\($1) \($0)\n" }.joined()), pieces)
    }

    /// A piece as SentencePiece keeps it: text, score, and a type nobody asks for.
    private func piece(_ text: String, _ score: Float) -> [UInt8] {
        let bits = score.bitPattern
        let number = (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
        let content = [0x0A, UInt8(text.utf8.count)] + Array(text.utf8) + [0x15] + number + [0x18, 0x01]
        return [0x0A, UInt8(content.count)] + content
    }

    @Test func `without scores a word is put together from the fewest pieces`() {
        let writer = writer(["<blk>", "▁HE", "▁H", "E", "Y", "▁HEY", "▁RU", "PERT", "P", "R", "T"])
        #expect(writer.tokens(of: "hey, Rupert!") == ["▁HEY", "▁RU", "PERT"])
    }

    @Test func `with scores it is put together from the likeliest`() throws {
        let pieces = try #require(SentencePieces(piece("▁hey", -20) + piece("▁he", -3) + piece("y", -4)))
        #expect(writer(["▁hey", "▁he", "y"], pieces).tokens(of: "hey") == ["▁he", "y"])
    }

    @Test func `a model of signs takes words without their beginning`() {
        #expect(writer(["你", "好"]).tokens(of: "你好") == ["你", "好"])
    }

    @Test(arguments: ["xyz", "", "!?", "lo"])
    func `what the model has no signs for cannot be looked for`(_ phrase: String) {
        #expect(writer(["▁low", "▁high"]).tokens(of: phrase) == nil)
        #expect(writer(["▁low", "▁high"]).line(["low", phrase]) == nil)
    }

    @Test func `phrases are named by their places`() {
        #expect(writer(["▁low", "▁high"]).line(["low high", "high"]) == "▁low ▁high @0/▁high @1")
    }

    @Test(arguments: [[], [0x0A], [0x0A, 5, 1], Array("<!DOCTYPE html>".utf8), [0x12, 0x00], [0xFF, 0xFF, 0xFF]])
    func `bytes that are no such model are none`(_ bytes: [UInt8]) {
        #expect(SentencePieces(bytes) == nil)
    }
}
