import Net
import Testing

@testable import hearsay

@Suite struct DoorFactsTests {
    private let pai = DoorFacts.Door(name: "pai", address: "127.0.0.1:8888")
    private let tts = DoorFacts.Door(name: "tts", address: "127.0.0.1:11500")

    @Test func `a server without doors is nothing to tell`() {
        #expect(DoorFacts(isServerRunning: true).findings.isEmpty)
    }

    @Test func `doors that are open are told, with what the server warns of`() {
        let facts = DoorFacts(open: [pai, tts], warnings: ["without a token"], isServerRunning: true)
        #expect(facts.findings.map(\.state) == [.ok, .warning])
        #expect(facts.findings[0].text == "open: pai at 127.0.0.1:8888, tts at 127.0.0.1:11500")
    }

    @Test func `a door that is not open waits for the next start, or is free for it`() {
        var facts = DoorFacts(closed: [.init(door: pai)], isServerRunning: true)
        #expect(facts.findings.map(\.state) == [.note])
        facts.isServerRunning = false
        #expect(facts.findings.map(\.text) == ["can open: pai at 127.0.0.1:8888"])
    }

    @Test func `a port that another program holds keeps a server from starting`() {
        let holder = PortFacts.Holder(
            address: SocketAddress(host: "0.0.0.0", port: 8888), process: ProcessName(id: 7, name: "bun"))
        var facts = DoorFacts(closed: [.init(door: pai, holder: holder)])
        #expect(facts.findings.map(\.state) == [.problem] && facts.findings[0].exitCode == .unreachable)
        #expect(
            facts.findings[0].text
                == "pai at 127.0.0.1:8888 cannot open: bun, process 7, listens on 0.0.0.0:8888")
        facts.isServerRunning = true
        #expect(facts.findings.map(\.state) == [.warning])
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("0.0.0.0", true), ("127.0.0.2", false),
    ])
    func `an address is taken by itself and by all addresses`(host: String, isTaken: Bool) {
        let socket = ListeningSocket(address: SocketAddress(host: host, port: 8888), inode: "1")
        #expect(socket.holds(SocketAddress(host: "127.0.0.1", port: 8888)) == isTaken)
        #expect(!socket.holds(SocketAddress(host: "127.0.0.1", port: 8889)))
    }
}
