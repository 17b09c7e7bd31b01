import Net
import Testing

@testable import hearsay

@Suite struct ListeningSocketTests {
    @Test func `the kernel's tables are read`() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1E64 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0
               1: 0100007F:1E65 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0
               2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4713
               3: 0000000000000000FFFF00000100007F:0051 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4714
               4: nonsense
               5: XYZ00000:0050 0:0 0A 0:0 0:0 0 0 0 1
            """
        let sockets = ListeningSocket.listed(in: text)
        #expect(sockets.map(\.address.description) == ["127.0.0.1:7780", "[::1]:80", "127.0.0.1:81"])
        #expect(sockets.map(\.inode) == ["4711", "4713", "4714"])
    }
}

@Suite struct PortFactsTests {
    private func facts(_ holders: (String, ProcessName?)..., answers: Bool = false) -> PortFacts {
        PortFacts(
            port: 7780,
            holders: holders.map { .init(address: SocketAddress(host: $0.0, port: 7780), process: $0.1) },
            serverAnswers: answers)
    }

    @Test func `a free port and Hearsay's own are in order`() {
        #expect(facts().findings == [.ok("port", "7780 is free")])
        let own = facts(("127.0.0.1", ProcessName(id: 5, name: "hearsay")))
        #expect(own.findings == [.ok("port", "Hearsay listens on 127.0.0.1:7780, process 5")])
        #expect(facts(("::", nil), answers: true).findings == [.ok("port", "Hearsay listens on [::]:7780")])
    }

    @Test func `another program is named with its number`() {
        let finding = facts(("127.0.0.1", ProcessName(id: 77, name: "nginx"))).findings[0]
        #expect(finding.text == "nginx, process 77, listens on 127.0.0.1:7780")
        #expect(finding.exitCode == .unreachable)
        #expect(finding.remedies[0].command == "hearsay serve --listen 127.0.0.1:7781")
    }

    @Test func `a program of another user is looked up by root`() {
        let finding = facts(("0.0.0.0", nil)).findings[0]
        #expect(finding.remedies[0].command == "sudo ss -ltnp 'sport = :7780'")
    }
}

@Suite struct NetworkFactsTests {
    private func facts(_ host: String?, hasTLS: Bool = false) -> NetworkFacts {
        var facts = NetworkFacts(hasTLS: hasTLS, port: 7780)
        facts.listening = host.map { [ListeningSocket(address: SocketAddress(host: $0, port: 7780), inode: "1")] } ?? []
        facts.interfaces = [
            Interface(name: "docker0", address: "172.17.0.1"), Interface(name: "eth0", address: "192.168.1.5"),
            Interface(name: "eth0", address: "2001:db8::5"),
        ]
        facts.machine = "attic"
        facts.user = "eva"
        return facts
    }

    @Test func `nothing is said of phones while no server runs`() {
        #expect(facts(nil).findings.isEmpty)
    }

    @Test func `a machine without a network has no phones`() {
        var alone = facts("0.0.0.0")
        alone.interfaces = [Interface(name: "veth1", address: "10.0.0.1")]
        #expect(alone.findings.map(\.state) == [.note])
    }

    @Test func `a server on loopback alone is reached by ssh`() {
        let finding = facts("127.0.0.1").findings[0]
        #expect(finding.state == .note)
        #expect(
            finding.remedies.map(\.command) == [
                "ssh -NL 7780:127.0.0.1:7780 eva@192.168.1.5", "hearsay serve --listen 0.0.0.0:7780",
            ])
    }

    @Test func `an open server without TLS is a warning, with the addresses that fit`() {
        let finding = facts("0.0.0.0").findings[0]
        #expect(finding.state == .warning)
        #expect(finding.text.contains("http://192.168.1.5:7780,") && !finding.text.contains("172.17"))
        #expect(!finding.text.contains("2001:db8"))
        #expect(facts("::").findings[0].text.contains("http://[2001:db8::5]:7780"))
        #expect(facts("2001:db8::5").findings[0].text.contains("http://[2001:db8::5]:7780,"))
    }

    @Test func `with TLS the phone's warning is foretold, and the local name comes first`() {
        var announced = facts("0.0.0.0", hasTLS: true)
        announced.isAnnounced = true
        #expect(announced.findings[0].state == .ok)
        #expect(announced.findings[0].text.hasPrefix("reaches https://attic.local:7780 or https://192.168.1.5:7780"))
    }

    @Test func `the port that is open is named where the server has two`() {
        var two = facts("127.0.0.1", hasTLS: true)
        two.listening.append(ListeningSocket(address: SocketAddress(host: "0.0.0.0", port: 7781), inode: "2"))
        two.firewall = .ufw
        #expect(two.findings[0].text.hasPrefix("reaches https://192.168.1.5:7781;"))
        #expect(two.findings[1].remedies[0].command == "sudo ufw allow 7781/tcp")
    }

    @Test(arguments: [
        (NetworkFacts.Firewall.ufw, "sudo ufw allow 7780/tcp"), (.firewalld, "--add-port=7780/tcp"),
        (.nftables, "sudo nft list ruleset"),
    ])
    func `a firewall is a note with the command that opens the port`(firewall: NetworkFacts.Firewall, command: String) {
        var open = facts("0.0.0.0", hasTLS: true)
        open.firewall = firewall
        #expect(open.findings.last?.remedies.first?.command?.contains(command) == true)
        var closed = facts("127.0.0.1")
        closed.firewall = firewall
        #expect(closed.findings.count == 1)
    }
}

@Suite struct PlayerFactsTests {
    private func facts(_ url: String, link: String? = nil, shows: Bool = true) -> PlayerFacts {
        PlayerFacts(url: url, isRunning: true, isLocal: true, link: link, showsSecrets: shows)
    }

    @Test func `the link is whole on a terminal and without its token elsewhere`() {
        let link = "http://127.0.0.1:7780/player#token=abc"
        #expect(facts("http://127.0.0.1:7780", link: link).findings[0].text == link)
        let hidden = facts("http://127.0.0.1:7780", link: link, shows: false).findings[0].text
        #expect(hidden.hasPrefix("http://127.0.0.1:7780/player;") && !hidden.contains("abc"))
        #expect(facts("http://127.0.0.1:7780").findings[0].state == .note)
    }

    @Test(arguments: [
        ("http://127.0.0.1:7780", Finding.State.ok), ("http://localhost:7780", .ok), ("http://[::1]:7780", .ok),
        ("https://attic.local:7780", .ok), ("http://attic.local:7780", .warning),
    ])
    func `plain HTTP from elsewhere is no secure context`(url: String, expected: Finding.State) {
        #expect(facts(url).findings[1].state == expected)
    }

    @Test func `nothing is said of a page that nobody serves`() {
        #expect(
            PlayerFacts(url: "http://127.0.0.1:1", isRunning: false, isLocal: true, showsSecrets: true).findings.isEmpty
        )
    }
}
