import Flow
import Gateway
import Glibc
import JSON
import Net
import Testing
import VoiceCore
import Wire

/// The table of Docs/Protocol.md: what each request and command needs.
enum DocumentedRules {
    struct Missing: Error {}

    /// By name, as the page has them.
    static func read() throws -> [String: AccessRule.Need] {
        var rules: [String: AccessRule.Need] = [:]
        let table = try page().split(separator: "| request or command | one of |\n|---|---|\n")
        guard table.count == 2 else { throw Missing() }
        for line in table[1].split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = line.split(separator: "|").map { $0.trimmingPrefix(" ") }
            guard cells.count == 2 else { break }
            rules[cells[0].split(separator: "`").first.map(String.init) ?? ""] = try need(cells[1])
        }
        return rules
    }

    private static func need(_ cell: Substring) throws -> AccessRule.Need {
        if cell.hasPrefix("no token") { return .nothing }
        if cell.hasPrefix("any token") { return .anyToken }
        let names = cell.split(separator: " ").map { $0.filter { $0 != "`" } }
        guard let scopes = Scopes(names: names), !scopes.isEmpty else { throw Missing() }
        return .anyOf(scopes)
    }

    private static func page() throws -> String {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        guard let file = unsafe fopen("/\(root)/Docs/Protocol.md", "r") else { throw Missing() }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = unsafe fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Every request and every command, by every token of one scope.
@Suite(.timeLimit(.minutes(1))) struct AccessRulesTests {
    static let scopes: [Scopes] = [.speak, .listen, .capture, .events, .control, .admin]

    /// One of each command.
    static let commands: [(String, String)] = [
        ("auth", #"{"token":"short"}"#), ("subscribe", #"{"events":["job.*"]}"#),
        ("unsubscribe", #"{"events":["job.*"]}"#),
        ("speak", #"{"text":"Hello."}"#), ("speak.open", "{}"), ("speak.append", #"{"job_id":"x","text":"Hello."}"#),
        ("speak.close", #"{"job_id":"x"}"#), ("abort", #"{"scope":"current"}"#),
        ("listener.open", #"{"kind":"test"}"#), ("listener.state", #"{"listener_id":"x","ready":true}"#),
        ("listener.update", #"{"listener_id":"x","delay_ms":10}"#), ("listener.close", #"{"listener_id":"x"}"#),
        ("session.start", #"{"session_id":"mine"}"#), ("source.open", #"{"codec":"pcm_s16","sample_rate":16000}"#),
        ("source.update", #"{"source_id":"x"}"#), ("source.pause", #"{"source_id":"x"}"#),
        ("source.resume", #"{"source_id":"x"}"#), ("source.flush", #"{"source_id":"x"}"#),
        ("source.close", #"{"source_id":"x"}"#),
        ("session.end", #"{"session_id":"mine"}"#), ("queue.set", "{}"), ("ping", "{}"),
    ]

    @Test func `the page names every request, with what it needs`() async throws {
        let documented = try DocumentedRules.read().filter { $0.key.contains("/") }
        let built = try await Desk().gateway.accessRules
        #expect(Set(built.map(\.name)).count == built.count)
        #expect(documented == Dictionary(built.map { ($0.name, $0.need) }) { $1 })
    }

    @Test func `the page names every command, with what it needs`() throws {
        let documented = try DocumentedRules.read().filter { !$0.key.contains("/") }
        let playback = #"{"job_id":"x","listener_id":"x","state":"started","position_ms":0}"#
        var built: [String: AccessRule.Need] = [:]
        for (type, fields) in Self.commands + [("hello", "{}"), ("playback", playback)] {
            let rest = fields == "{}" ? "}" : "," + fields.dropFirst()
            let rule = AccessRule(of: try Command(Array((#"{"type":"\#(type)""# + rest).utf8)))
            built[rule.name] = rule.need
        }
        #expect(documented == built)
    }

    @Test func `each request is refused to each token that lacks what it needs, and to no other`() async throws {
        for (name, need) in try DocumentedRules.read() where name.contains("/") {
            let desk = try await Desk()
            let parts = name.split(separator: " ").map(String.init)
            for scope in Self.scopes {
                let path = parts[1].replacing("{id}", with: "x")
                let answer = try await desk.ask(parts[0], path, token: try await desk.token(scope))
                let isMet = need.isMet(by: Grant(token: TokenID("x"), scopes: scope))
                #expect((answer.code == "not_allowed") == !isMet, "\(name) with \(scope.names): \(answer.text)")
                #expect(answer.status != 401)
            }
            let open = try await desk.ask(parts[0], parts[1].replacing("{id}", with: "x"))
            #expect((open.status == 401) == (need != .nothing), "\(name) without a token")
        }
    }

    @Test(arguments: scopes)
    func `each command is refused to a token that lacks what it needs`(_ scope: Scopes) async throws {
        let rules = try DocumentedRules.read()
        try await Stage.run { stage in
            let grant = Grant(token: TokenID("x"), scopes: scope)
            for (type, fields) in Self.commands {
                let guest = try await stage.guest(scope, hello: #"{"session":{"session_id":"mine"}}"#)
                let answer = try await guest.ask(type, fields)
                let need = try #require(rules[type])
                #expect(
                    (answer["code"]?.text == "not_allowed") == !need.isMet(by: grant),
                    "\(type) with \(scope.names): \(answer)")
                guest.close()
            }
        }
    }

    @Test func `a token that is bound to a room alone covers no session yet`() async throws {
        let desk = try await Desk()
        let token = try await desk.token(.all, room: "studio")
        for (method, path, body) in [
            ("POST", "/v1/sessions", ""), ("POST", "/v1/sessions", #"{"session_id":"default"}"#),
            ("POST", "/v1/speak", #"{"text":"Hello."}"#), ("GET", "/v1/sessions/default", ""),
            ("GET", "/v1/events?sessions=default", ""),
            ("POST", "/v1/abort", #"{"scope":"all","session_id":"default"}"#),
        ] {
            let answer = try await desk.ask(method, path, token: token, body: body)
            #expect(answer.code == "unknown_session", "\(method) \(path): \(answer.text)")
        }
        #expect(try await desk.ask("GET", "/v1/sessions", token: token).all("sessions", "session_id").isEmpty)
        try await Stage.run { stage in
            for hello in ["{}", #"{"session":{}}"#, #"{"session":{"session_id":"x"}}"#] {
                let guest = try await stage.connect(token: try await stage.token(.all, room: "studio").text)
                #expect(try await guest.ask("hello", hello)["code"] == "unknown_session")
                #expect(try await guest.closeCode() == 4403)
            }
        }
    }
}
