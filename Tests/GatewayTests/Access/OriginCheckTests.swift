import Gateway
import Net
import Testing

@Suite struct OriginCheckTests {
    let check = OriginCheck(allowed: ["https://Friend.example/", "http://10.0.0.2:3000"].compactMap { WebOrigin($0) })

    @Test func `no origin is a program`() throws {
        #expect(try verdict([]) == .own)
    }

    @Test(arguments: [("http://127.0.0.1:7780", "127.0.0.1:7780"), ("http://localhost", "localhost:80")])
    func `the server's own pages may ask`(_ origin: String, _ host: String) throws {
        #expect(try verdict([origin], host: host) == .own)
    }

    @Test func `over TLS its own pages are those of https`() throws {
        #expect(try verdict(["https://box:7780"], host: "box:7780", isSecure: true) == .own)
        #expect(try verdict(["http://box:7780"], host: "box:7780", isSecure: true) == .foreign)
    }

    @Test(arguments: ["https://friend.example", "https://friend.example:443", "http://10.0.0.2:3000"])
    func `named origins may ask`(_ origin: String) throws {
        #expect(try verdict([origin]) == .allowed(origin: origin))
    }

    @Test(arguments: [
        "null", "", "http://127.0.0.1:7781", "https://127.0.0.1:7780", "http://127.0.0.1", "http://evil.example",
        "http://localhost:7780", "https://friend.example.evil.example", "http://friend.example", "ws://127.0.0.1:7780",
        "file://", "http://127.0.0.1:7780/path", "http://user@127.0.0.1:7780", "http://127.0.0.1:7780 http://x",
    ])
    func `all others are foreign`(_ origin: String) throws {
        #expect(try verdict([origin]) == .foreign)
    }

    @Test func `two origins are foreign`() throws {
        #expect(try verdict(["http://127.0.0.1:7780", "http://127.0.0.1:7780"]) == .foreign)
    }

    private func verdict(
        _ origins: [String], host: String = "127.0.0.1:7780", isSecure: Bool = false
    ) throws -> OriginCheck.Verdict {
        var fields = HTTPFields()
        for origin in origins { fields.append("Origin", origin) }
        let request = HTTPRequest(method: "GET", path: "/", fields: fields, isSecure: isSecure)
        return check.verdict(on: request, host: try #require(WebHost(host)))
    }
}
