import Gateway
import JSON
import Net
import Store
import Testing
import VoiceCore

@testable import hearsay

@Suite struct ServeConfigurationTests {
    private let folder = TemporaryFolder()

    private func read(_ text: String?, _ arguments: String...) throws -> ServeConfiguration.Reading {
        let path = try #require(folder).path + "/config.json5"
        if let text { try SmallFile.write(text, to: path) }
        let parsed = try ArgumentParser(.serve).parse(arguments + ["--data", try #require(folder).path])
        let environment = Environment(variables: [:], accountHome: "/nonexistent")
        return try ServeConfiguration(arguments: parsed, environment: environment).read()
    }

    private func mistakes(_ text: String, _ arguments: String...) throws -> [String] {
        let path = try #require(folder).path + "/config.json5"
        try SmallFile.write(text, to: path)
        let parsed = try ArgumentParser(.serve).parse(arguments + ["--config", path])
        let environment = Environment(variables: [:], accountHome: "/nonexistent")
        return try ServeConfiguration(arguments: parsed, environment: environment).read().mistakes.map {
            $0.text(in: "f")
        }
    }

    @Test func `without a file nothing is changed, unless it was named`() throws {
        #expect(try read(nil).mistakes.isEmpty && read(nil).options.limits == ServerLimits())
        let parsed = try ArgumentParser(.serve).parse(["--config", "/nonexistent/file"])
        let environment = Environment(variables: [:], accountHome: "/nonexistent")
        let reading = try ServeConfiguration(arguments: parsed, environment: environment).read()
        #expect(reading.mistakes == [ServeFileMistake(.unreadable(.absent), at: nil)])
    }

    @Test func `the file in the data folder says what the server does`() throws {
        let options = try read("{rate_token:'5/s',limit:{jobs:7},queue:'fifo',keep_jobs:'ever'}", "--limit=jobs=8")
            .options
        #expect(options.rates.token == Rate(5, per: .second) && options.limits[.jobs] == 8)
        #expect(options.policy == .fifo && options.retention.age == nil)
    }

    @Test func `every value that cannot be used is told, with its own place`() throws {
        let told = try mistakes(
            """
            {
              keep_jobs: 'soon', rate_token: 5,
              limit: { jobs: 0, text_bytes: '1KiB', nonsense: 3 },
              trust_proxy: ['127.0.0.1', 'localhost'],
              speaker: 'alsa:x', no_speaker: true,
              tls_cert: 'a.pem',
            }
            """)
        #expect(
            told.map { String($0.prefix(8)) } == [
                "f:2:14: ", "f:2:34: ", "f:3:18: ", "f:3:51: ", "f:4:30: ", "f:5:3: s", "f:6:3: t",
            ])
        #expect(told[2] == "f:3:18: limit.jobs cannot be “0”: a whole number from 1 to 100000")
        #expect(told[5] == "f:5:3: speaker and no_speaker exclude each other")
        #expect(told[6] == "f:6:3: tls_cert needs tls_key too")
    }

    @Test func `the command line's opposite wins over the file`() throws {
        #expect(try read("{no_speaker:true}", "--speaker", "alsa:x").options.speaker == .named("alsa:x"))
        let reading = try read("{tls_cert:'c',tls_key:'k'}", "--insecure-http")
        #expect(reading.mistakes.isEmpty && reading.options.security.extent == .nowhere)
    }

    @Test func `the command line's own mistakes are a usage error`() throws {
        #expect(throws: UsageError.self) { try read("{limit:{jobs:7}}", "--limit", "jobs=x") }
        #expect(throws: UsageError.self) { try read("{}", "--keep-jobs", "soon") }
    }

    @Test func `keys of engines lie in files of their own, and variables go before them`() throws {
        let path = try #require(folder).path
        try SmallFile.write("sk-1\n", to: path + "/k.key")
        let text = "{engine:{k:'openai+http://127.0.0.1:1/v1'},engine_key_file:{k:'k.key'}}"
        #expect(try read(text).options.remoteEngines.map { $0.key != nil } == [true])
        #expect(
            try mistakes("{engine_key_file:{k:'k.key'}}").first?.hasPrefix("f:1:21: engine_key_file cannot be") == true)
        try SmallFile.write("two words\nand lines", to: path + "/k.key")
        #expect(try mistakes(text.replacing("k.key", with: "gone.key")).count == 1)
    }

    @Test func `doors can stand in the file, and each mistake in one has its place`() throws {
        let options = try read("{alias:['pai','pai=0.0.0.0:31337,open'],allow_net:'10.0.0.0/8',alias_may_stop:true}")
            .options
        #expect(options.aliases.map(\.address.port) == [8888, 31_337])
        #expect(options.aliases.map(\.isOpen) == [false, true] && options.aliases.allSatisfy(\.mayStop))
        let told = try mistakes("{alias:['pai',\n'pie=127.0.0.1:1',\n'tts=nowhere'],\nallow_net:['x']}")
        #expect(told.map { String($0.prefix(6)) } == ["f:2:1:", "f:3:1:", "f:4:12"])
        #expect(
            try mistakes("{alias:{pai:'0.0.0.0:1,open'}}") == ["f:1:13: alias.pai needs allow_net too"])
    }

    @Test func `Palaver's door keeps sound only where it is told to`() throws {
        let text = "{alias:['palaver','palaver,record','palaver=[::1]:1,record,open','palaver=a:1,open,record'],"
        let aliases = try read(text + "allow_net:'10.0.0.0/8'}").options.aliases
        #expect(aliases.map(\.records) == [false, true, true, true])
        #expect(aliases.map(\.isOpen) == [false, false, true, true])
        for wrong in ["pai,record", "palaver,record,record", "palaver,", "palaver,loud", "palaver=a:1,record=yes"] {
            let told = try mistakes("{alias:'\(wrong)'}")
            #expect(told.count == 1 && told[0].contains("behind palaver also ,record"), "\(wrong)")
        }
    }
}
