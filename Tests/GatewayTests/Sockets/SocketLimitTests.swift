import Gateway
import JSON
import Testing

/// What one connection, one session and all together may have.
@Suite(.timeLimit(.minutes(1))) struct SocketLimitTests {
    private func limits(_ name: LimitName, _ value: Int) -> ServerLimits {
        var limits = ServerLimits()
        limits[name] = value
        return limits
    }

    @Test func `welcome shows the limits that hold`() async throws {
        try await Stage.run(limits: limits(.jobs, 7)) { stage in
            let client = try await stage.connect(token: stage.token().text)
            let limits = try await client.ask("hello", "{}")["limits"]
            #expect(limits?["jobs"] == 7)
            #expect(limits?["text_bytes"] == 65_536)
        }
    }

    @Test(arguments: [LimitName.listeners, .listenersPerSession, .listenersPerConnection])
    func `a listener above a limit is refused by its name until another one is closed`(name: LimitName) async throws {
        try await Stage.run(limits: limits(name, 2)) { stage in
            let client = try await stage.guest()
            let first = try await client.listen()
            _ = try await client.listen()
            let refusal = try await client.ask("listener.open", #"{"kind":"test"}"#)
            #expect(refusal["code"] == "too_many_listeners")
            #expect(refusal["limit"]?.text == name.rawValue)
            try await client.ask("listener.close", #"{"listener_id":"\#(first)"}"#)
            #expect(try await client.ask("listener.open", #"{"kind":"test"}"#)["type"] == "ok")
        }
    }

    @Test func `a subscription above the limit is refused by its name`() async throws {
        try await Stage.run(limits: limits(.subscriptions, 1)) { stage in
            let client = try await stage.guest()
            #expect(try await client.ask("subscribe", #"{"events":["*"]}"#)["type"] == "ok")
            let refusal = try await client.ask("subscribe", #"{"events":["*"]}"#)
            #expect(refusal["code"] == "too_many_requests")
            #expect(refusal["limit"] == "subscriptions")
        }
    }

    @Test func `session names of a subscription are as short as any`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            let long = String(repeating: "s", count: 65)
            let refusal = try await client.ask("subscribe", #"{"events":["*"],"sessions":["\#(long)"]}"#)
            #expect(refusal["code"] == "out_of_range")
        }
    }

    @Test func `a job above the limit of its session is refused by its name`() async throws {
        try await Stage.run(limits: limits(.jobsPerSession, 1)) { stage in
            let client = try await stage.guest()
            _ = try await client.ask("speak", #"{"text":"One."}"#)
            let refusal = try await client.ask("speak", #"{"text":"Two."}"#)
            #expect(refusal["code"] == "too_many_jobs")
            #expect(refusal["limit"] == "jobs_per_session")
        }
    }
}
