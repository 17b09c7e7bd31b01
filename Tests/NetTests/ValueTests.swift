import Testing

@testable import Net

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1:7780", "127.0.0.1", 7780, true), ("[::1]:0", "::1", 0, true),
        ("localhost:80", "localhost", 80, true),
        ("0.0.0.0:1", "0.0.0.0", 1, false), ("[fe80::1]:65535", "fe80::1", 65535, false),
        ("127.evil.example:1", "127.evil.example", 1, false),
    ])
    func `an address is read and written alike`(text: String, host: String, port: Int, isLoopback: Bool) throws {
        let address = try SocketAddress.parse(text)
        #expect(address == SocketAddress(host: host, port: port))
        #expect(address.isLoopback == isLoopback)
        #expect(address.description == text)
    }

    @Test(arguments: [
        "", "127.0.0.1", ":80", "h:", "h:-1", "h:65536", "::1:80", "[::1]", "[h]:1", "a b:1", "[127.0.0.1]:1",
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: AddressError.malformed(text)) { try SocketAddress.parse(text) }
    }
}

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ])
    func `a date is written as RFC 9110 says`(seconds: Int, text: String) {
        #expect(HTTPDate.format(seconds) == text)
    }
}

@Suite struct HTTPFieldsTests {
    @Test func `names compare without case and lists are taken apart`() {
        var fields: HTTPFields = ["Connection": "Keep-Alive, , Upgrade", "X": "1"]
        fields.append("connection", "Close")
        #expect(fields["CONNECTION"] == "Keep-Alive, , Upgrade")
        #expect(fields.tokens("Connection") == ["keep-alive", "upgrade", "close"])
        fields.set("x", "2")
        #expect(fields.all("X") == ["2"])
    }

    @Test func `a value that would end its line is not sent`() {
        let response = HTTPResponse(status: 200, fields: ["Location": "/a\r\nSet-Cookie: b", "X": "y"])
        let bytes = MessageEncoder.response(response, body: .whole([]), closes: false, date: "now")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text == "HTTP/1.1 200 OK\r\nX: y\r\nDate: now\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func `text survives percent coding`() {
        let text = "a b/\u{E9}?&=%"
        #expect(PercentCoding.decode(PercentCoding.encode(text)[...]) == text)
    }
}
