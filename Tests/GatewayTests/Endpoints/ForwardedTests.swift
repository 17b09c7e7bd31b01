import Flow
import Gateway
import Net
import Testing
import VoiceCore
import VoiceTesting
import Wire
import JSON

@Suite struct ForwardedTests {
    private func isLocal(_ desk: Desk, _ fields: HTTPFields) async throws -> Bool? {
        let token = try await desk.token(.speak)
        return try await desk.ask("POST", "/v1/sessions", token: token, fields: fields)["local"]?.flag
    }

    @Test(
        arguments: [
            "Forwarded", "forwarded", "Via", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "X-Real-IP",
        ])
    func `what came through a proxy is not local, whether the proxy is trusted or not`(_ name: String) async throws {
        for proxies in [[], ["127.0.0.1"]] {
            let desk = try await Desk(proxies: proxies)
            #expect(try await isLocal(desk, [:]) == true)
            #expect(try await isLocal(desk, [name: "127.0.0.1"]) == false)
        }
    }

    @Test func `behind a trusted proxy its pages are the server's own, and its name must be known`() async throws {
        let desk = try await Desk(proxies: ["127.0.0.1"])
        func status(_ origin: String, _ host: String, _ scheme: String = "https") async throws -> Int {
            let fields: HTTPFields = [
                "Origin": origin, "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Host": host, "X-Forwarded-Proto": scheme,
            ]
            return try await desk.ask("GET", "/health", fields: fields).status
        }
        #expect(try await status("https://voice.example.com", "voice.example.com") == 200)
        #expect(try await status("http://voice.example.com", "voice.example.com") == 403)
        #expect(try await status("https://voice.example.com", "voice.example.com", "http") == 403)
        #expect(try await status("https://evil.example", "evil.example") == 403)
        #expect(try await status("https://127.0.0.1:7780", "voice.example.com") == 403)
    }

    @Test func `each client behind a trusted proxy has its own rate, and all behind any other share one`() async throws
    {
        var rates = Rates()
        rates.peer = Rate(2, per: .hour)
        for (proxies, passed) in [(["127.0.0.1"], [200, 200, 429, 200]), ([], [200, 200, 429, 429])] {
            let desk = try await Desk(rates: rates, proxies: proxies)
            var statuses: [Int] = []
            for client in ["192.0.2.7", "192.0.2.7", "192.0.2.7", "192.0.2.8"] {
                statuses.append(try await desk.ask("GET", "/health", fields: ["X-Forwarded-For": client]).status)
            }
            #expect(statuses == passed)
            #expect(try await desk.ask("GET", "/health").status == 200)
        }
    }
}

@Suite struct RateLimitTests {
    @Test func `a token that asks too often is told when to come back`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.speak, rate: Rate(2, per: .minute))
        for _ in 0..<2 { #expect(try await desk.ask("GET", "/v1/voices", token: token).status == 200) }
        let answer = try await desk.ask("GET", "/v1/voices", token: token)
        #expect(answer.status == 429 && answer.code == "rate_limited" && answer.fields["Retry-After"] == "30")
        #expect(answer.json["error"]?["retry_after_ms"]?.whole == 30_000)
        #expect(try await desk.ask("GET", "/v1/voices", token: try await desk.token(.speak)).status == 200)
        desk.clock.advance(by: .seconds(30))
        #expect(try await desk.ask("GET", "/v1/voices", token: token).status == 200)
    }

    @Test func `wrong tokens wait longer and longer, and right ones never`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.speak)
        let wrong = String(repeating: "A", count: 43)
        func kind() -> String {
            switch desk.reply("GET", "/v1/voices", token: wrong, peer: "192.0.2.7") {
            case .now(let response): Answer(response).code ?? ""
            case .later: "later"
            case .stream, .openLater, .webSocket, .refuseWebSocket: "?"
            }
        }
        let kinds = (0..<70).map { _ in kind() }
        #expect(kinds.prefix(10).allSatisfy { $0 == "unauthenticated" })
        #expect(kinds[10..<60].allSatisfy { $0 == "later" } && kinds[60...].allSatisfy { $0 == "rate_limited" })
        #expect(try await desk.ask("GET", "/v1/voices", token: token, peer: "192.0.2.7").status == 200)
        desk.clock.advance(by: .seconds(70))
        #expect(kind() == "unauthenticated")
        let lines = desk.lines.withLock { $0.filter { $0.contains("token.wrong") } }
        #expect(lines.count == 10)
    }
}
