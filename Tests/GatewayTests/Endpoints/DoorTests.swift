import Flow
import Gateway
import Net
import Testing
import VoiceCore
import Wire
import JSON

@Suite struct DoorTests {
    /// Every route of the API that needs a token.
    static let guarded: [(String, String)] = [
        ("GET", "/status"), ("POST", "/v1/speak"), ("POST", "/v1/abort"), ("GET", "/v1/jobs"), ("GET", "/v1/jobs/x"),
        ("DELETE", "/v1/jobs/x"), ("GET", "/v1/voices"), ("GET", "/v1/engines"), ("GET", "/v1/listeners"),
        ("GET", "/v1/sessions"), ("POST", "/v1/sessions"), ("GET", "/v1/sessions/x"), ("DELETE", "/v1/sessions/x"),
        ("GET", "/v1/events"), ("GET", "/v1/tokens"), ("POST", "/v1/tokens"), ("DELETE", "/v1/tokens/x"),
        ("POST", "/v1/tokens/x/renew"),
        ("POST", "/v1/stop"),
    ]

    @Test(arguments: guarded)
    func `nothing is done without a token`(_ method: String, _ path: String) async throws {
        let desk = try await Desk()
        for header in [nil, "Bearer", "Bearer x", "Basic abc", "Bearer \(String(repeating: "A", count: 43))"] {
            var fields = HTTPFields()
            if let header { fields.append("Authorization", header) }
            let answer = try await desk.ask(method, path, fields: fields)
            #expect(answer.status == 401 && answer.code == "unauthenticated")
            #expect(answer.fields["WWW-Authenticate"] == "Bearer realm=\"hearsay\"")
        }
        #expect(!desk.server.stop.isOpen)
    }

    @Test(
        arguments: [
            ("POST", "/v1/speak", [.listen, .events, .control]), ("GET", "/v1/events", [.speak, .listen]),
            ("GET", "/v1/jobs", [.listen]), ("GET", "/v1/tokens", [.speak, .control]), ("POST", "/v1/stop", [.control]),
            ("POST", "/v1/tokens", [.control]), ("DELETE", "/v1/sessions/x", [.capture, .listen]),
            ("DELETE", "/v1/jobs/x", [.events]),
        ] as [(String, String, Scopes)])
    func `a token of other scopes is not enough`(_ method: String, _ path: String, _ scopes: Scopes) async throws {
        let desk = try await Desk()
        let answer = try await desk.ask(method, path, token: try await desk.token(scopes))
        #expect(answer.status == 403 && answer.code == "not_allowed")
        #expect(!desk.server.stop.isOpen)
    }

    @Test func `two tokens in one request are none`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.all)
        let fields: HTTPFields = ["Authorization": "Bearer \(token)"]
        #expect(try await desk.ask("GET", "/status", token: token, fields: fields).status == 401)
    }

    @Test func `a token in the query is not read`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.all)
        #expect(try await desk.ask("GET", "/status?token=\(token)").status == 401)
    }

    @Test(arguments: ["/health", "/player", "/v1/voices"])
    func `a foreign host is turned away everywhere`(_ path: String) async throws {
        let desk = try await Desk()
        let answer = try await desk.ask("GET", path, token: try await desk.token(.all), host: "evil.example")
        #expect(answer.status == 403 && answer.code == "foreign_host")
    }

    @Test(arguments: ["null", "http://evil.example", "http://127.0.0.1:1"])
    func `a foreign origin is turned away, whatever token it has`(_ origin: String) async throws {
        let desk = try await Desk()
        let answer = try await desk.ask(
            "GET", "/v1/voices", token: try await desk.token(.all), fields: ["Origin": origin])
        #expect(answer.status == 403 && answer.code == "foreign_origin")
        #expect(answer.fields["Access-Control-Allow-Origin"] == nil)
    }

    @Test func `no log line shows a token`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.admin)
        let wrong = String(repeating: "w", count: 42) + "A"
        _ = try await desk.ask("GET", "/v1/voices", token: wrong)
        _ = try await desk.ask("GET", "/v1/voices?token=\(wrong)", token: wrong, host: "evil.example")
        let made = try await desk.ask("POST", "/v1/tokens", token: token, body: #"{"scopes":["speak"]}"#)
        let secret = try #require(made["token"]?.text)
        _ = try await desk.ask("DELETE", "/v1/tokens/\(made["token_id"]?.text ?? "")", token: token)
        let lines = desk.lines.withLock { $0 }
        #expect(lines.count >= 4)
        for line in lines {
            #expect(!line.contains(token) && !line.contains(wrong) && !line.contains(secret), "\(line)")
        }
    }

    @Test func `a wrong path and a wrong method say so`() async throws {
        let desk = try await Desk()
        for path in ["/nothing", "/v1/jobs/a/b", "/v1//jobs", "/v1/jobs/a/"] {
            #expect(try await desk.ask("GET", path).code == "not_found", "\(path)")
        }
        let answer = try await desk.ask("PATCH", "/v1/jobs/x")
        #expect(answer.status == 405 && answer.code == "method_not_allowed")
        #expect(answer.fields["Allow"] == "DELETE, GET, HEAD")
    }

    @Test func `a slash in an id is escaped in its path, and one that parts a path is not`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.all)
        let made = try await desk.ask("POST", "/v1/sessions", token: token, body: #"{"session_id":"a/b?c"}"#)
        let place = "/v1/sessions/a%2Fb%3Fc"
        #expect(made.status == 201 && made.fields["Location"] == place)
        #expect(try await desk.ask("GET", place, token: token)["session_id"]?.text == "a/b?c")
        #expect(try await desk.ask("DELETE", place, token: token)["ended"]?.text == "a/b?c")
        #expect(try await desk.ask("GET", "/v1/jobs/a%2Fb", token: token).code == "unknown_job")
        for path in ["/v1/sessions/a/b", "/v1%2Fsessions", "/v1/sessions%2Fdefault"] {
            #expect(try await desk.ask("GET", path, token: token).code == "not_found", "\(path)")
        }
        #expect(try await desk.ask("PATCH", "/v1/jobs/a%2Fb", token: token).fields["Allow"] == "DELETE, GET, HEAD")
    }

    @Test func `no session is called as a step in a path`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.all)
        for id in [".", "..", "%2e%2E"] {
            let answer = try await desk.ask("POST", "/v1/sessions", token: token, body: #"{"session_id":"\#(id)"}"#)
            #expect(answer.code == "out_of_range" && answer.field == "session_id", "\(id)")
        }
    }

    @Test func `a HEAD is answered as a GET, an endless one too`() async throws {
        let desk = try await Desk()
        #expect(try await desk.ask("HEAD", "/health").status == 200)
        let reply = desk.reply("HEAD", "/v1/events", token: try await desk.token(.events))
        guard case .now(let head) = reply else {
            Issue.record("the stream would never end")
            return
        }
        #expect(head.fields["Content-Type"] == "text/event-stream; charset=utf-8")
    }

    @Test func `health needs no token and tells nothing else`() async throws {
        let answer = try await Desk().ask("GET", "/health")
        #expect(answer.status == 200 && answer.text == #"{"status":"ok"}"#)
        #expect(answer.fields["Cache-Control"] == "no-store")
    }
}
