import Flow
import Gateway
import Net
import Testing
import VoiceCore
import Wire

@Suite struct CrossOriginTests {
    static let friend = "https://friend.example"

    private func preflight(_ desk: Desk, _ path: String, _ more: HTTPFields = [:]) async throws -> Answer {
        var fields: HTTPFields = ["Origin": Self.friend, "Access-Control-Request-Method": "POST"]
        for line in more.lines { fields.append(line.name, line.value) }
        return try await desk.ask("OPTIONS", path, fields: fields)
    }

    @Test(
        arguments: [
            ("/v1/speak", "POST"), ("/v1/jobs/x", "DELETE, GET, HEAD"), ("/v1/events", "GET, HEAD"),
            ("/v1/tokens", "GET, HEAD, POST"), ("/player", "GET, HEAD"),
        ])
    func `a page of an allowed origin learns what it may do`(_ path: String, _ methods: String) async throws {
        let answer = try await preflight(try await Desk(), path)
        #expect(answer.status == 204 && answer.fields["Access-Control-Allow-Origin"] == Self.friend)
        #expect(answer.fields["Access-Control-Allow-Methods"] == methods)
        #expect(answer.fields["Access-Control-Allow-Headers"] == "Authorization, Content-Type, Last-Event-ID")
        #expect(answer.fields["Access-Control-Max-Age"] == "600" && answer.fields["Vary"] == "Origin")
        #expect(answer.fields["Access-Control-Allow-Credentials"] == nil)
        #expect(answer.fields["Access-Control-Allow-Private-Network"] == nil)
    }

    @Test func `only an allowed origin is let into a private network`() async throws {
        let desk = try await Desk()
        let ask: HTTPFields = ["Access-Control-Request-Private-Network": "true"]
        #expect(try await preflight(desk, "/v1/speak", ask).fields["Access-Control-Allow-Private-Network"] == "true")
        for origin in ["https://evil.example", "null"] {
            let fields: HTTPFields = [
                "Origin": origin, "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Private-Network": "true",
            ]
            let answer = try await desk.ask("OPTIONS", "/v1/speak", fields: fields)
            #expect(answer.status == 403)
            #expect(!answer.fields.lines.contains { $0.name.hasPrefix("Access-Control") })
        }
    }

    @Test func `it can read every answer, refusals included`() async throws {
        var rates = Rates()
        rates.peer = Rate(5, per: .hour)
        let desk = try await Desk(rates: rates)
        let token = try await desk.token(.speak)
        let origin: HTTPFields = ["Origin": Self.friend]
        let wrong = String(repeating: "A", count: 43)
        let asked: [(Int, String, String, String?)] = [
            (200, "GET", "/v1/voices", token), (401, "GET", "/v1/jobs", wrong), (403, "GET", "/v1/tokens", token),
            (404, "GET", "/nothing", token), (405, "PATCH", "/v1/jobs", token), (429, "GET", "/v1/voices", token),
        ]
        for (status, method, path, token) in asked {
            let answer = try await desk.ask(method, path, token: token, fields: origin, peer: "192.0.2.7")
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.fields["Access-Control-Allow-Origin"] == Self.friend)
            #expect(answer.fields["Access-Control-Expose-Headers"]?.contains("Retry-After") == true)
            #expect(answer.fields.all("Vary") == ["Origin"])
        }
    }

    @Test func `answers to others say that they depend on who asks`() async throws {
        let desk = try await Desk()
        for fields in [[:], ["Origin": "http://127.0.0.1:7780"], ["Origin": "https://evil.example"]] as [HTTPFields] {
            let answer = try await desk.ask("GET", "/health", fields: fields)
            #expect(answer.fields["Vary"] == "Origin" && answer.fields["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test(arguments: ["cross-site", "same-site", "nonsense"])
    func `a page that hides its origin may look and change nothing`(_ site: String) async throws {
        let desk = try await Desk()
        let token = try await desk.token(.all)
        let fields: HTTPFields = ["Sec-Fetch-Site": site]
        for (method, path) in [
            ("POST", "/v1/speak"), ("DELETE", "/v1/jobs/x"), ("POST", "/v1/stop"), ("OPTIONS", "/v1/speak"),
        ] {
            #expect(try await desk.ask(method, path, token: token, fields: fields).code == "foreign_origin")
        }
        #expect(try await desk.ask("GET", "/player", fields: fields).status == 200)
        #expect(try await desk.ask("GET", "/v1/voices", token: token, fields: fields).status == 200)
        #expect(try await desk.ask("POST", "/v1/abort", token: token, fields: ["Sec-Fetch-Site": "none"]).status == 200)
        #expect(
            try await desk.ask("POST", "/v1/abort", token: token, fields: ["Sec-Fetch-Site": "same-origin"]).status
                == 200)
        #expect(!desk.server.stop.isOpen)
    }
}
