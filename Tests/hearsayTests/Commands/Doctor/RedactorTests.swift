import Testing

@testable import hearsay

@Suite struct RedactorTests {
    private let redactor = Redactor(secrets: ["hunter2hunter2", "short", "hunter2"])

    @Test(arguments: [
        ("the word hunter2hunter2 here", "the word [removed] here"),
        ("http://eva:pass@host:1/p and ftp://x@y", "http://[removed]@host:1/p and ftp://[removed]@y"),
        ("http://host/player#token=abc next", "http://host/player#token=[removed] next"),
        ("Authorization: Bearer abcdef", "Authorization: Bearer [removed]"),
        ("curl -H 'Bearer abcdef'", "curl -H 'Bearer [removed]"),
        (#"{"api_key":"abc","voice":"slt"}"#, #"{"api_key":"[removed]","voice":"slt"}"#),
        ("PASSWORD = abc", "PASSWORD = [removed]"),
        ("token:", "token:"),
        ("a short word stays", "a short word stays"),
    ])
    func `secrets are removed, other words stay`(text: String, expected: String) {
        #expect(redactor.redacted(text) == expected)
    }

    @Test(arguments: ["GITHUB_TOKEN", "aws_secret_access_key", "PGPASSWORD", "Cookie"])
    func `names that speak of secrets are known`(name: String) {
        #expect(Redactor.isSecret(name: name))
        #expect(!Redactor.isSecret(name: "HEARSAY_SERVER"))
    }
}
