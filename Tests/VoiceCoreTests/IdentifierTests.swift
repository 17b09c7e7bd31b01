import Testing

@testable import VoiceCore

@Suite struct IdentifierTests {
    @Test(arguments: [
        "a", "a/b", "...", ".a", "a..b", "../x", "?", "#", "%", "%2e%2e%2e", "%2f", "~",
        String(repeating: "x", count: 64),
    ])
    func `visible ASCII is a name`(text: String) {
        #expect(SourceID(text).isAcceptable)
    }

    @Test(arguments: ["", " ", "a b", "\t", "\u{7F}", "\u{E9}", String(repeating: "x", count: 65)])
    func `what is invisible, foreign or long is none`(text: String) {
        #expect(!SourceID(text).isAcceptable)
    }

    @Test(arguments: [".", "..", "%2e", "%2E", "%2e.", ".%2E", "%2e%2E"])
    func `what browsers take for a step in a path is none`(text: String) {
        #expect(!DraftID(text).isAcceptable)
    }
}
