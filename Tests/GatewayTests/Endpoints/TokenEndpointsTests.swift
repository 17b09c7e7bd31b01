import Testing
import VoiceCore
import Wire
import JSON

@Suite struct TokenEndpointsTests {
    @Test func `a token is shown once, works, and is revoked`() async throws {
        let desk = try await Desk()
        let admin = try await desk.token(.admin)
        let body = #"{"scopes":["speak","events"],"session_id":"default","expires_in_s":3600,"label":"robot"}"#
        let made = try await desk.ask("POST", "/v1/tokens", token: admin, body: body)
        #expect(made.status == 201 && made["label"]?.text == "robot" && made["expires_at"] != nil)
        let token = try #require(made["token"]?.text)
        let id = try #require(made["token_id"]?.text)
        #expect(try await desk.ask("GET", "/v1/jobs", token: token).status == 200)
        let list = try await desk.ask("GET", "/v1/tokens", token: admin)
        #expect(list.all("tokens", "token_id").contains(id) && !list.text.contains(token))
        #expect(try await desk.ask("DELETE", "/v1/tokens/\(id)", token: admin)["revoked"]?.text == id)
        #expect(try await desk.ask("GET", "/v1/jobs", token: token).code == "unauthenticated")
        #expect(try await desk.ask("DELETE", "/v1/tokens/\(id)", token: admin).code == "unknown_token")
    }

    @Test(arguments: [
        (#"{}"#, "missing_field", "scopes"), (#"{"scopes":["root"]}"#, "out_of_range", "scopes"),
        (#"{"scopes":[]}"#, "out_of_range", "scopes"),
        (#"{"scopes":["speak"],"expires_in_s":0}"#, "out_of_range", "expires_in_s"),
        (#"{"scopes":["admin"],"session_id":"a"}"#, "out_of_range", "scopes"),
        (#"{"scopes":["admin","speak"],"room":"a"}"#, "out_of_range", "scopes"),
        (#"{"scopes":["speak"],"rate":"often"}"#, "out_of_range", "rate"),
        (#"{"scopes":["speak"],"forever":1}"#, "unknown_field", "forever"),
    ])
    func `a token that makes no sense is not made`(_ body: String, _ code: String, _ field: String) async throws {
        let desk = try await Desk()
        let answer = try await desk.ask("POST", "/v1/tokens", token: try await desk.token(.admin), body: body)
        #expect(answer.code == code && answer.field == field)
    }

    @Test func `a token shows its room and its rate`() async throws {
        let desk = try await Desk()
        let admin = try await desk.token(.admin)
        let body = #"{"scopes":["speak"],"room":"studio","rate":"20/min"}"#
        #expect(try await desk.ask("POST", "/v1/tokens", token: admin, body: body).status == 201)
        let list = try await desk.ask("GET", "/v1/tokens", token: admin)
        #expect(list.all("tokens", "room") == ["studio"] && list.all("tokens", "rate") == ["20/min"])
    }

    @Test func `a renewed token is another one with the same rights`() async throws {
        let desk = try await Desk()
        let admin = try await desk.token(.admin)
        let made = try await desk.ask(
            "POST", "/v1/tokens", token: admin, body: #"{"scopes":["speak"],"label":"robot"}"#)
        let id = try #require(made["token_id"]?.text)
        let renewed = try await desk.ask("POST", "/v1/tokens/\(id)/renew", token: admin)
        #expect(renewed.status == 200 && renewed["token_id"]?.text == id && renewed["label"]?.text == "robot")
        #expect(try await desk.ask("GET", "/v1/jobs", token: made["token"]?.text).status == 401)
        #expect(try await desk.ask("GET", "/v1/jobs", token: renewed["token"]?.text).status == 200)
        #expect(try await desk.ask("POST", "/v1/tokens/tok_none/renew", token: admin).code == "unknown_token")
    }

    @Test func `a store that fails is an answer with a stable code`() async throws {
        let desk = try await Desk()
        let admin = try await desk.token(.admin)
        desk.store.breakDown()
        let answer = try await desk.ask("POST", "/v1/tokens", token: admin, body: #"{"scopes":["speak"]}"#)
        #expect(answer.status == 500 && answer.code == "store_failed")
        #expect(try await desk.ask("GET", "/v1/jobs", token: admin).status == 200)
    }
}
