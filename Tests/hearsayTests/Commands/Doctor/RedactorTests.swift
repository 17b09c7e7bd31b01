import JSON
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

    @Test func `the extract of the status keeps nothing that it does not know`() {
        let listener: JSONValue = .object(["kind": "player", "session_id": "eva's", "text": "spoken"])
        let status: JSONValue = .object(["listeners": .array([listener]), "sessions": 3, "new": "spoken"])
        #expect(StatusExtract.of(status) == .object(["listeners": .array([.object(["kind": "player"])])]))
    }

    @Test(arguments: [("a.tar.gz", true), ("a.tgz", true), ("a.tar", true), ("a.zip", false), ("a", false)])
    func `a bundle is an archive of tar`(path: String, isAccepted: Bool) {
        #expect(((try? BundleTarget(path)) != nil) == isAccepted)
    }
}

@Suite struct ProgramCallTests {
    @Test func `a program's code is told, and one that takes too long is ended`() async {
        #expect(await ProgramCall(words: ["false"], output: 1).run(within: .seconds(20)) == 1)
        #expect(await ProgramCall(words: ["sleep", "1000"], output: 1).run(within: .milliseconds(10)) == nil)
        #expect(await ProgramCall(words: ["no-such-program-of-ours"], output: 1).run(within: .seconds(20)) == nil)
    }
}
