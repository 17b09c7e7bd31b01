import Secrets
import Testing

@Suite struct SecretTokenTests {
    @Test func `a token survives the way over the wire`() throws {
        let token = SecretToken.random()
        let read = try #require(SecretToken(token.text))
        #expect(token.text.utf8.count == 43)
        #expect(read.digest == token.digest)
    }

    @Test func `two tokens differ`() {
        #expect(SecretToken.random().text != SecretToken.random().text)
    }

    @Test(arguments: ["", "a", "hearsay", String(repeating: "A", count: 42), String(repeating: "A", count: 44)])
    func `what is not 32 bytes is no token`(_ text: String) {
        #expect(SecretToken(text) == nil)
    }

    @Test func `a second way to write the same bytes is no token`() {
        #expect(SecretToken(String(repeating: "A", count: 42) + "B") == nil)
        #expect(SecretToken(String(repeating: "A", count: 42) + "=") == nil)
        #expect(SecretToken(String(repeating: "A", count: 42) + "/") == nil)
    }

    @Test func `printing a token shows nothing of it`() {
        let token = SecretToken.random()
        var dumped = ""
        dump(token, to: &dumped)
        for shown in ["\(token)", String(reflecting: token), dumped] {
            #expect(!shown.contains(token.text))
            #expect(shown.contains("[redacted]"))
        }
    }

    @Test(arguments: 0..<40)
    func `base64url reads what it wrote`(_ count: Int) {
        let bytes = SecureRandom.bytes(count)
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }

    @Test(arguments: [("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("\u{3E}\u{3F}\u{7F}", "Pj9_")])
    func `base64url writes as published`(_ text: String, _ expected: String) {
        #expect(Base64URL.encode(Array(text.utf8)) == expected)
    }
}
