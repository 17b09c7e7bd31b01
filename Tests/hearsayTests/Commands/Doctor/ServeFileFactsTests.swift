import Testing

@testable import hearsay

@Suite struct ServeFileFactsTests {
    @Test func `a server without a configuration file is nothing to tell`() {
        #expect(ServeFileFacts(path: "/d/config.json5").findings.isEmpty)
    }

    @Test func `mistakes keep a server from starting, and one that runs from changing`() {
        var facts = ServeFileFacts(path: "/d/config.json5", isPresent: true, mistakes: ["/d/config.json5:1:2: bad"])
        #expect(facts.findings.map(\.state) == [.problem] && facts.findings[0].exitCode == .usage)
        facts.isServerRunning = true
        facts.waiting = ["listen"]
        #expect(facts.findings.map(\.state) == [.warning])
        #expect(facts.findings[0].text.contains("goes on with what held before: /d/config.json5:1:2: bad"))
    }

    @Test func `it says what is set, what waits for a start, and which keys are open`() {
        var facts = ServeFileFacts(path: "/d/config.json5", isPresent: true, keys: ["listen", "voice"])
        facts.waiting = ["listen"]
        facts.openFiles = ["/d/k.key"]
        #expect(facts.findings.map(\.state) == [.ok, .warning, .note])
        #expect(facts.findings[0].text == "/d/config.json5 sets listen, voice")
        #expect(facts.findings[1].remedies[0].command == "chmod 600 /d/k.key")
    }
}
