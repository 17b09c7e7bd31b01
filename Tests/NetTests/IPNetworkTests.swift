import Net
import Testing

@Suite struct IPNetworkTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("10.0.0.0/8", "10.255.3.4"), ("10.9.9.9/8", "10.0.0.1"), ("0.0.0.0/0", "8.8.8.8"),
        ("192.0.2.128/25", "192.0.2.255"), ("::1", "::1"), ("fd00::/8", "fdff::1"),
        ("2001:db8::/33", "2001:db8:7fff::"),
        ("127.0.0.1", "::ffff:127.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"),
    ])
    func `an address of the range is in it`(_ network: String, _ host: String) throws {
        #expect(try #require(IPNetwork(network)).contains(host))
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.8"), ("10.0.0.0/8", "11.0.0.0"), ("192.0.2.128/25", "192.0.2.127"), ("::1", "127.0.0.1"),
        ("0.0.0.0/0", "::1"), ("::/0", "127.0.0.1"), ("2001:db8::/33", "2001:db8:8000::"), ("127.0.0.1", "localhost"),
        ("127.0.0.1", ""), ("127.0.0.0/8", "127.1"),
    ])
    func `any other is not`(_ network: String, _ host: String) throws {
        #expect(try !#require(IPNetwork(network)).contains(host))
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "::1/0008",
        "localhost",
        "10.0.0/8", "10.0.0.0/8 ", "[::1]",
    ])
    func `what is no range is refused`(_ text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test func `around an address lies what one customer has`() throws {
        #expect(IPNetwork(around: "192.0.2.7") == IPNetwork("192.0.2.7/32"))
        #expect(IPNetwork(around: "2001:db8::7") == IPNetwork("2001:db8::/64"))
        #expect(IPNetwork(around: "name") == nil)
        #expect(IPNetwork("10.1.2.3/8")?.description == "10.0.0.0/8")
    }
}
