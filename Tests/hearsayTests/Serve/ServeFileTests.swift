import Gateway
import JSON
import Testing
import VoiceCore

@testable import hearsay

@Suite struct ServeFileTests {
    private func read(_ text: String, inDataFolder: Bool = false) -> (file: ServeFile, mistakes: [ServeFileMistake]) {
        ServeFileReader(
            options: ServeConfiguration.options, folder: "/etc/hearsay", home: "/home/eva", isInDataFolder: inDataFolder
        ).read(Array(text.utf8))
    }

    private func merged(_ text: String, _ arguments: [String: [String]] = [:]) throws -> [String: [String]] {
        let (file, mistakes) = read(text)
        try #require(mistakes.isEmpty)
        return file.merged(under: ParsedArguments(values: arguments)).values
    }

    private func mistake(_ text: String) -> String {
        read(text).mistakes.map { $0.text(in: "f") }.joined(separator: "\n")
    }

    @Test func `every option of serve but the file itself can stand in it`() throws {
        let names = Command.serve.options.map(\.name).filter { $0 != "config" }
        for option in Command.serve.options where option.name != "config" {
            let value = option.value == nil ? "true" : option.holdsNames ? "{a:'/b'}" : "'/b'"
            let values = try merged("{\(option.key):\(value)}")
            #expect(values == [option.name: option.value == nil ? [] : [option.holdsNames ? "a=/b" : "/b"]])
        }
        #expect(names.count > 20)
        #expect(mistake("{config:'x'}").contains("means nothing here"))
    }

    @Test(arguments: [
        ("{voice:'slt'}", ["voice": ["slt"]]), ("{keep_jobs:3600}", ["keep-jobs": ["3600"]]),
        ("{keep_jobs_size:1.5}", ["keep-jobs-size": ["1.5"]]), ("{tone:true,tls:false}", ["tone": []]),
        ("{listen:'a:1'}", ["listen": ["a:1"]]), ("{listen:['a:1','b:2']}", ["listen": ["a:1", "b:2"]]),
        ("{limit:{jobs:7,text_bytes:'1KiB'}}", ["limit": ["jobs=7", "text_bytes=1KiB"]]),
        ("{limit:['jobs=7']}", ["limit": ["jobs=7"]]),
        ("{engine_voices:{k:['a','b']}}", ["engine-voices": ["k=a", "k=b"]]),
        ("{tls_key:'key.pem'}", ["tls-key": ["/etc/hearsay/key.pem"]]),
        ("{tls_key:'~/k'}", ["tls-key": ["/home/eva/k"]]),
        ("{tls_key:'/k'}", ["tls-key": ["/k"]]),
        ("{engine_key_file:{k:'k.key'}}", ["engine-key-file": ["k=/etc/hearsay/k.key"]]),
        ("{alias:['pai','tts=a:1']}", ["alias": ["pai", "tts=a:1"]]),
        ("{alias:{pai:['a:1','b:2']}}", ["alias": ["pai=a:1", "pai=b:2"]]),
        ("{}", [:]),
    ])
    func `values mean what they mean on the command line`(text: String, values: [String: [String]]) throws {
        #expect(try merged(text) == values)
    }

    @Test func `the command line goes before the file, by name where there are names`() throws {
        let text = "{voice:'slt',tone:true,listen:['a:1','b:2'],limit:{jobs:1,text_bytes:2,body_bytes:3}}"
        let given = ["voice": ["rms"], "listen": ["c:3"], "limit": ["jobs=9", "text-bytes=8"]]
        #expect(
            try merged(text, given) == [
                "voice": ["rms"], "tone": [], "listen": ["c:3"],
                "limit": ["body_bytes=3", "jobs=9", "text-bytes=8"],
            ])
    }

    @Test(arguments: [
        ("{", "f:1:2: the text ends here; put a name, in quotes unless it is one word"),
        ("[]", "f:1:1: the file must hold one object: { key: value }"),
        ("{\n  voise: 'slt',\n}", "f:2:3: “voise” means nothing here; did you mean voice?"),
        ("{'keep-jobs':'1d'}", "f:1:2: “keep-jobs” means nothing here; did you mean keep_jobs?"),
        ("{voice:'a',voice:'b'}", "f:1:12: “voice” is set a second time; keep one of them"),
        (
            "{openai_api_key:'sk'}",
            "f:1:2: “openai_api_key” looks like a secret; put it into a file of its own, and name that with engine_key_file"
        ),
        ("{tone:'yes'}", "f:1:7: tone needs true or false"),
        ("{voice:true}", "f:1:8: voice needs a text in quotes, or a number"),
        ("{voice:['a']}", "f:1:8: voice needs a text in quotes, or a number"),
        ("{voice:null}", "f:1:8: voice needs a text in quotes, or a number"),
        ("{keep_jobs:NaN}", "f:1:12: keep_jobs needs a text in quotes, or a number"),
        ("{listen:['a:1',{}]}", "f:1:16: listen needs a text in quotes, or a list of them in [ ]"),
        (
            "{limit:{jobs:[[1]]}}",
            "f:1:15: limit needs an object { name: value }, or a list of texts such as NAME=VALUE"
        ),
    ])
    func `each mistake is told with its place and what to do`(text: String, told: String) {
        #expect(mistake(text) == told)
    }

    @Test func `the data folder's own file cannot name another data folder`() {
        #expect(read("{data:'/x'}").file.settings["data"]?.values.map(\.text) == ["/x"])
        #expect(read("{data:'/x'}", inDataFolder: true).mistakes.map(\.kind) == [.ownFolder])
    }

    @Test func `a broken file gives all its mistakes, and what is right besides`() {
        let (file, mistakes) = read("{voise:1,tone:1,voice:'slt'}")
        #expect(mistakes.count == 2 && file.settings.keys.sorted() == ["voice"])
    }
}
