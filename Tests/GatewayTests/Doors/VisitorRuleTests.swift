import Net
import Testing
import VoiceCore

@testable import Gateway

@Suite struct VisitorRuleTests {
    private static let near = Alias(name: .pai, address: SocketAddress(host: "127.0.0.1", port: 8_888))

    private func grant(
        _ alias: Alias, from peer: String, _ fields: HTTPFields, host: String = "localhost:8888"
    ) -> Grant? {
        var fields = fields
        fields.append("Host", host)
        let request = HTTPRequest(
            method: "POST", path: "/notify", fields: fields, peer: SocketAddress(host: peer, port: 40_000))
        return VisitorRule(alias: alias).grant(for: request)
    }

    @Test func `a program of this machine speaks and listens in the door's session alone`() throws {
        let grant = try #require(self.grant(Self.near, from: "127.0.0.1", [:]))
        #expect(grant.session == SessionID("alias-pai") && grant.allows([.speak, .listen, .events]))
        #expect(!grant.allows(.control) && !grant.allows(.admin) && !grant.covers(.default))
    }

    @Test(
        arguments: [
            ["Origin": "null"], ["Origin": "http://localhost"], ["Origin": "https://localhost:8888"],
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Via": "1.1 x"],
            ["Forwarded": "for=127.0.0.1"], ["X-Forwarded-For": "127.0.0.1"], ["X-Forwarded-Proto": "http"],
        ] as [HTTPFields])
    func `pages of elsewhere and proxies need a token`(_ fields: HTTPFields) {
        #expect(grant(Self.near, from: "127.0.0.1", fields) == nil)
    }

    @Test(arguments: ["den:8888", "192.0.2.7:8888", "localhost.evil.example", "[::2]:8888"])
    func `a name that is not this machine's loopback needs a token`(_ host: String) {
        #expect(grant(Self.near, from: "127.0.0.1", [:], host: host) == nil)
    }

    @Test(arguments: ["localhost:8888", "127.0.0.1:8888", "127.1.2.3", "[::1]:8888", "localhost"])
    func `a name of loopback needs none`(_ host: String) {
        #expect(grant(Self.near, from: "::1", ["Sec-Fetch-Site": "none"], host: host) != nil)
    }

    @Test func `other machines need a token unless their network was named`() {
        let wide = Alias(name: .pai, address: SocketAddress(host: "0.0.0.0", port: 8_888))
        #expect(grant(wide, from: "127.0.0.1", [:]) == nil)
        var open = wide
        open.networks = [IPNetwork("192.0.2.0/24")].compactMap { $0 }
        #expect(grant(open, from: "192.0.2.9", [:], host: "den:8888") != nil)
        #expect(grant(open, from: "198.51.100.9", [:], host: "den:8888") == nil)
        #expect(grant(open, from: "127.0.0.1", [:]) != nil)
        #expect(grant(open, from: "192.0.2.9", ["Origin": "http://evil.example"], host: "den:8888") == nil)
    }
}
