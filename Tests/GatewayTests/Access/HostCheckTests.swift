import Gateway
import Net
import Testing

@Suite struct HostCheckTests {
    let check = HostCheck(machineName: "Den.example.org", names: ["voice.example.com", "other.example.com:8443"])

    @Test(arguments: [
        "localhost", "localhost:7780", "LOCALHOST:1", "localhost.", "127.0.0.1", "127.0.0.1:7780", "192.168.1.7:80",
        "[::1]", "[::1]:7780", "[FE80::1]", "den", "den.local", "den.example.org", "voice.example.com:443",
        "other.example.com",
    ])
    func `names of this server are known`(_ host: String) {
        #expect(check.host(of: request([host])) != nil)
    }

    @Test(arguments: [
        "", ":7780", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.1", "0x7f000001",
        "2130706433", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:+80", "localhost:80:80", "::1", "[::1", "[::1]x",
        "[localhost]", "user@localhost", "localhost/x", "local host", "localhost\u{0}", "ｌocalhost",
    ])
    func `all others are foreign`(_ host: String) {
        #expect(check.host(of: request([host])) == nil)
    }

    @Test func `no host and two hosts are foreign`() {
        #expect(check.host(of: request([])) == nil)
        #expect(check.host(of: request(["localhost", "localhost"])) == nil)
    }

    @Test func `the machine knows its own name`() throws {
        let name = try #require(HostCheck.machineName())
        #expect(!name.isEmpty)
        #expect(HostCheck().host(of: request([name])) != nil)
    }

    private func request(_ hosts: [String]) -> HTTPRequest {
        var fields = HTTPFields()
        for host in hosts { fields.append("Host", host) }
        return HTTPRequest(method: "GET", path: "/", fields: fields)
    }
}
