import Testing

@testable import Net

/// RFC 9112, section 3.2, and RFC 3986: what stands between the method and the version.
@Suite struct TargetTests {
    private func requestTarget(_ text: String) throws -> RequestTarget { try RequestTarget(Array(text.utf8).span) }

    @Test(arguments: [
        ("/", "/"), ("/a/b", "/a/b"), ("//x", "//x"), ("/../etc/passwd", "/../etc/passwd"), ("/%2e%2E/", "/../"),
        ("/a%20b+c", "/a b+c"), ("/%E2%82%AC", "/\u{20AC}"), ("/%0D%0AX:%20y", "/\r\nX: y"), ("/a:80@b", "/a:80@b"),
        ("/?", "/"), ("/?/a?b", "/"), ("/;a=b", "/;a=b"), ("http://h", "/"), ("HTTP://h/", "/"),
        ("https://h:1/a?b", "/a"),
        ("http://[::1]:80/a", "/a"), ("http://h?q", "/"), ("*", "*"),
    ])
    func `a target names a path, whatever is odd about it`(text: String, path: String) throws {
        #expect(try requestTarget(text).path == path)
    }

    @Test(
        arguments: [
            ("/", [""]), ("/a/b", ["a", "b"]), ("//x/", ["", "x", ""]), ("/a%2Fb/c", ["a/b", "c"]), ("/a%2fb", ["a/b"]),
            ("/%2F", ["/"]), ("/%252F", ["%2F"]), ("/%2e%2E/x", ["..", "x"]), ("/a%3Fb%23?c/d", ["a?b#"]),
            ("/%E2%82%AC/+", ["\u{20AC}", "+"]), ("http://h/a%2Fb?c", ["a/b"]), ("http://h", [""]), ("*", []),
        ] as [(String, [String])])
    func `a path is parted at its slashes before it is decoded`(text: String, segments: [String]) throws {
        let target = try requestTarget(text)
        #expect(target.segments == segments)
        #expect(target.path == (text == "*" ? "*" : "/" + segments.joined(separator: "/")))
    }

    @Test(arguments: [
        "a", "a/b", "?a", "h:80", "http:/h/", "http:h", "http//h/", "http:///a", "http://", "http://a@h/",
        "http://h:b/",
        "http://h:1:2/", "http://:80/", "http://[::1/", "http://[]/", "http://[::1]x/", "http://h,i/", "http://h\\i/",
        "ftp://h/", "javascript://h/", "/#", "/a#b", "/%", "/%2", "/%2G", "/%00", "/%FF", "/%C0%AF", "/%ED%A0%80",
        "/%E2/%82%AC", "/a%2/Fb", "/a%/2Fb", "/a b",
        "/\t", "/\u{0}", "/\u{7F}", "/\u{E9}", "/?\u{E9}", "/?a=%", "/?a=%00", "/?%FF=b",
    ])
    func `what is no target is refused`(text: String) {
        #expect(throws: HTTPParseError.invalidTarget) { try requestTarget(text) }
    }

    @Test(arguments: [
        "GET * HTTP/1.1", "CONNECT h:80 HTTP/1.1", "CONNECT * HTTP/1.1", "OPTIONS ** HTTP/1.1", "GET h:80 HTTP/1.1",
    ])
    func `a form that does not go with its method is refused`(line: String) {
        #expect(throws: HTTPParseError.invalidTarget) { try RequestLine(Array(line.utf8).span) }
    }

    @Test(arguments: [
        "", "h", "h:80", "h:", "H.example.", "a_b-c~d", "1.2.3.4:1", "[::1]", "[::ffff:1.2.3.4]:80", "[v1.x]", "a%20b",
        "a'b",
    ])
    func `hosts are known by their grammar`(host: String) throws {
        let text = "GET / HTTP/1.1\r\nHost:\(host)\r\n\r\n"
        for pieces in splits(of: Array(text.utf8)) {
            #expect(try requests(in: pieces).first?.head.fields["Host"] == host)
        }
    }

    @Test(arguments: [
        ":80", "h:x", "h:1:2", "h:-1", "a/b", "a?b", "a#b", "a@b", "a b", "a, b", "a,b", "a\\b", "a\"b", "a<b", "a|b",
        "[::1",
        "::1", "[]", "[::1]x", "[::1]:x", "[a/b]", "\u{E9}",
    ])
    func `what is no host is refused`(host: String) {
        let text = "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        for pieces in splits(of: Array(text.utf8)) {
            #expect(throws: HTTPParseError.invalidHost) { try requests(in: pieces) }
        }
    }

    @Test func `an absolute target is the host, also where no field names one`() throws {
        let text = "GET http://other:81/ HTTP/1.0\r\n\r\n"
        #expect(try requests(in: [Array(text.utf8)]).first?.head.fields.all("Host") == ["other:81"])
    }
}
