import Gateway
import Net
import Testing

@Suite struct ProxyTrustTests {
    let trust = ProxyTrust(["127.0.0.1", "10.0.0.0/8"].compactMap { IPNetwork($0) })

    struct Seen: Equatable {
        var peer: String
        var scheme = "http"
        var host: String?
    }

    private func seen(_ fields: HTTPFields, from peer: String = "127.0.0.1", by trust: ProxyTrust) -> Seen {
        var all = fields
        all.append("Host", "inside")
        let request = trust.unwrapped(
            HTTPRequest(method: "GET", path: "/", fields: all, peer: SocketAddress(host: peer, port: 9)))
        let host = request.fields["Host"]
        return Seen(
            peer: request.peer.host, scheme: request.isSecure ? "https" : "http", host: host == "inside" ? nil : host)
    }

    @Test(
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("192.0.2.7:4711", "192.0.2.7"), ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"), ("[2001:db8::7]", "2001:db8::7"),
            // What the client itself wrote stands to the left, and is not believed.
            ("127.0.0.1, 192.0.2.7", "192.0.2.7"), ("10.1.1.1, 192.0.2.7", "192.0.2.7"),
            ("unknown, 192.0.2.7", "192.0.2.7"), ("8.8.8.8, 192.0.2.7, 10.0.0.9", "192.0.2.7"),
            ("192.0.2.7,10.0.0.9 , 127.0.0.1", "192.0.2.7"), (",192.0.2.7,", "192.0.2.7"),
            // All of them trusted: the outermost is the client.
            ("10.0.0.8, 10.0.0.9", "10.0.0.8"),
            // Where an address is missing, the last one that is known.
            ("unknown", "127.0.0.1"), ("192.0.2.7, garbage, 10.0.0.9", "10.0.0.9"), ("192.0.2.7:x", "127.0.0.1"),
            ("192.0.2.7:99999", "127.0.0.1"), ("[::1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("1.2.3", "127.0.0.1"),
            ("192.0.2.7 10.0.0.1", "127.0.0.1"), (String(repeating: "192.0.2.7,", count: 33), "127.0.0.1"),
        ])
    func `the client is the rightmost address that is no proxy`(_ value: String, _ client: String) {
        #expect(seen(["X-Forwarded-For": value], by: trust) == Seen(peer: client))
    }

    @Test func `several lines are one chain`() {
        #expect(seen(["X-Forwarded-For": "192.0.2.7", "x-forwarded-for": "10.0.0.9"], by: trust).peer == "192.0.2.7")
    }

    @Test func `scheme and host are those that the proxy saw`() {
        let fields: HTTPFields = [
            "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "voice.example.com",
        ]
        #expect(seen(fields, by: trust) == Seen(peer: "192.0.2.7", scheme: "https", host: "voice.example.com"))
    }

    @Test func `in a chain, what the outermost trusted proxy saw counts`() {
        let fields: HTTPFields = [
            "X-Forwarded-For": "6.6.6.6, 192.0.2.7, 10.0.0.9", "X-Forwarded-Proto": "http, https, http",
            "X-Forwarded-Host": "evil.example, voice.example.com, inner",
        ]
        #expect(seen(fields, by: trust) == Seen(peer: "192.0.2.7", scheme: "https", host: "voice.example.com"))
    }

    @Test(
        arguments: [
            (
                "for=192.0.2.7;proto=https;host=voice.example.com",
                Seen(peer: "192.0.2.7", scheme: "https", host: "voice.example.com")
            ),
            (#"For="[2001:db8::7]:47";Proto=http"#, Seen(peer: "2001:db8::7")),
            (
                #"for=127.0.0.1;host=evil, for=192.0.2.7;host="voice.example.com:8443", for=10.0.0.9;host=inner"#,
                Seen(peer: "192.0.2.7", host: "voice.example.com:8443")
            ),
            ("for=_hidden;proto=https", Seen(peer: "127.0.0.1")), ("for=unknown", Seen(peer: "127.0.0.1")),
            ("proto=https", Seen(peer: "127.0.0.1")), ("for=192.0.2.7;for=10.0.0.1", Seen(peer: "127.0.0.1")),
            ("192.0.2.7", Seen(peer: "127.0.0.1")), (#"for="192.0.2.7"#, Seen(peer: "127.0.0.1")),
        ])
    func `the standard's own field says the same`(_ value: String, _ wanted: Seen) {
        #expect(seen(["Forwarded": value], by: trust) == wanted)
    }

    @Test func `two kinds of fields contradict each other, and neither counts`() {
        let fields: HTTPFields = ["X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.8;proto=https"]
        #expect(seen(fields, by: trust) == Seen(peer: "127.0.0.1"))
    }

    @Test func `nobody else's word counts`() {
        let fields: HTTPFields = [
            "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "voice.example.com",
        ]
        #expect(seen(fields, from: "11.0.0.1", by: trust) == Seen(peer: "11.0.0.1"))
        #expect(seen(fields, by: ProxyTrust()) == Seen(peer: "127.0.0.1"))
    }

    @Test(arguments: ["ftp", "", "https, http", "javascript"])
    func `a scheme that is none changes nothing but what it says last`(_ scheme: String) {
        #expect(
            seen(["X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": scheme], by: trust) == Seen(peer: "192.0.2.7"))
    }
}
