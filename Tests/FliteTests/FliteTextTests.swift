import Testing
import hearsay_flite

@Suite struct SpokenTextTests {
    @Test(arguments: [
        ("plain text", "plain text"), ("it’s “so”", "it's \"so\""), ("café, Łódź, Œuvre", "cafe, Lodz, OEuvre"),
        ("1–2 — 3…", "1-2   3..."), ("e\u{301}te\u{301}", "ete"), ("a\u{200D}b\u{FE0F}", "ab"), ("Ａ１", "A1"),
        ("日本 ok", "   ok"), ("tab\there\n", "tab here "), ("😀", " "), ("", ""),
    ])
    func `a text is written in plain letters`(original: String, plain: String) {
        #expect(String(decoding: FliteText(original).bytes, as: UTF8.self) == plain)
    }

    @Test(arguments: [
        ("one two", 4..<7, 4..<7), ("“é” x", 0..<3, 1..<2), ("Œuvre", 0..<6, 0..<5), ("ﬁ e\u{301}t", 2..<4, 2..<5),
        ("(really)", 0..<8, 1..<7),
    ])
    func `a stretch of letters leads back to the original`(original: String, bytes: Range<Int>, scalars: Range<Int>) {
        #expect(FliteText(original).origin(of: bytes) == scalars)
    }

    @Test func `a stretch outside of the text leads nowhere`() {
        #expect(FliteText("ab").origin(of: 5..<9) == nil)
        #expect(FliteText("").origin(of: 0..<0) == nil)
    }

    @Test(arguments: [
        ("", false), ("…!?", false), ("😀 — ", false), ("日本語", false), ("a", true), ("1", true), ("é", true),
    ])
    func `only letters and digits are speakable`(text: String, isSpeakable: Bool) {
        #expect(FliteText(text).isSpeakable == isSpeakable)
    }

    @Test func `long runs of punctuation are cut, since flite keeps them in a small buffer`() {
        let text = FliteText("a" + String(repeating: "!", count: 600) + " b" + String(repeating: "…", count: 300))
        #expect(text.bytes.count < 30)
        #expect(text.firstIndex(of: Array("b".utf8), from: 0).flatMap { text.origin(of: $0..<$0 + 1) } == 602..<603)
    }

    @Test(arguments: [("", "slt"), ("slt", "slt"), ("cmu_us_rms", "rms"), ("kal16", "kal16")])
    func `a voice is found by its name`(name: String, voice: String) {
        #expect((name.isEmpty ? FliteVoice.standard : FliteVoice(name: name))?.rawValue == voice)
    }
}
