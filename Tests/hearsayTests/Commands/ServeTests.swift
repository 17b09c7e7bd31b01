import Net
import Testing

@testable import hearsay

@Suite struct ServeSecurityTests {
    private let near = SocketAddress(host: "127.0.0.1", port: 1)
    private let far = SocketAddress(host: "0.0.0.0", port: 1)

    private func security(_ options: [String: [String]]) throws -> ServeSecurity {
        try ServeSecurity(ParsedArguments(values: options))
    }

    @Test(
        arguments: [
            ([:], false, true), (["tls": []], true, true), (["insecure-http": []], false, false),
            (["tls-cert": ["c"], "tls-key": ["k"]], true, true),
        ] as [([String: [String]], Bool, Bool)])
    func `the options say where there is TLS`(
        options: [String: [String]], onLoopback: Bool, elsewhere: Bool
    ) throws {
        let security = try security(options)
        #expect(security.covers(near) == onLoopback)
        #expect(security.covers(far) == elsewhere)
    }

    @Test(
        arguments: [
            (["tls-cert": ["c"]], UsageError.missingOption("--tls-key", with: "--tls-cert")),
            (["tls-key": ["k"]], .missingOption("--tls-cert", with: "--tls-key")),
            (["tls": [], "insecure-http": []], .conflict("--tls", "--insecure-http")),
            (["tls-cert": ["c"], "tls-key": ["k"], "insecure-http": []], .conflict("--tls-cert", "--insecure-http")),
        ] as [([String: [String]], UsageError)])
    func `options that do not go together are refused`(options: [String: [String]], error: UsageError) {
        #expect(throws: error) { try security(options) }
    }
}

@Suite struct ServerURLsTests {
    private func urls(_ addresses: [(String, Bool)], machine: String? = "10.0.0.5", public url: String? = nil)
        -> [String]
    {
        let endpoints = addresses.map { host, isSecure in
            ServerURLs.Endpoint(address: SocketAddress(host: host, port: 7780), isSecure: isSecure)
        }
        let urls = ServerURLs(endpoints, machine: machine, publicURL: url)
        return [urls.local, urls.player] + urls.all
    }

    @Test func `a loopback address is shown as it is`() {
        let url = "http://127.0.0.1:7780"
        #expect(urls([("127.0.0.1", false)]) == [url, url, url])
    }

    @Test func `all addresses are shown as the one that others use`() {
        let (near, far) = ("https://127.0.0.1:7780", "https://10.0.0.5:7780")
        #expect(urls([("0.0.0.0", true)]) == [near, far, far])
        #expect(
            urls([("::", true)], machine: nil) == ["https://[::1]:7780", "https://[::1]:7780", "https://[::1]:7780"])
    }

    @Test func `the player link goes where others can follow it, the command line stays near`() {
        let (near, far) = ("http://127.0.0.1:7780", "https://10.0.0.5:7780")
        #expect(urls([("127.0.0.1", false), ("0.0.0.0", true)]) == [near, far, near, far])
        #expect(urls([("127.0.0.1", false)], public: "https://voice.example") == [near, "https://voice.example", near])
    }
}
