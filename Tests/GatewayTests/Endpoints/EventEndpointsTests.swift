import Flow
import Gateway
import Net
import Testing
import VoiceCore
import Wire
import JSON

@Suite(.timeLimit(.minutes(1))) struct EventEndpointsTests {
    @Test func `facts come numbered and in order, from now on`() async throws {
        try await Door.open { door in
            publish(door, "early")
            let lines = try await door.events(token: try await door.desk.token(.events))
            #expect(lines.head.fields["Content-Type"] == "text/event-stream; charset=utf-8")
            publish(door, "a")
            publish(door, "b")
            let first = try #require(try await lines.next())
            #expect(first.id == "2" && first.event == "session.started")
            let json: JSONValue = try JSONText.value(of: Array((first.data ?? "").utf8))
            #expect(json["seq"]?.whole == 2 && json["session_id"]?.text == "a" && json["v"]?.whole == 1)
            #expect(try await lines.next()?.id == "3")
        }
    }

    @Test func `a reader that comes back misses nothing and gets nothing twice`() async throws {
        try await Door.open { door in
            for name in ["a", "b", "c"] { publish(door, name) }
            let token = try await door.desk.token(.events)
            let again = try await door.events(token: token, fields: ["Last-Event-ID": "1"])
            #expect(try await again.next()?.id == "2")
            #expect(try await again.next()?.id == "3")
            let query = try await door.events("?last_seq=2", token: token)
            #expect(try await query.next()?.id == "3")
        }
    }

    @Test func `a bound token reads nothing of others, in the replay either`() async throws {
        try await Door.open { door in
            publish(door, "theirs")
            publish(door, "mine")
            let token = try await door.desk.token(.events, session: "mine")
            let lines = try await door.events("?last_seq=0", token: token)
            #expect(try await lines.next()?.id == "2")
            publish(door, "theirs")
            door.desk.events.publish(event: Event(.queueChanged(QueueState(depth: 3))))
            publish(door, "mine")
            #expect(try await lines.next()?.id == "4")
        }
    }

    @Test func `only what was asked for comes`() async throws {
        try await Door.open { door in
            let token = try await door.desk.token(.events)
            let lines = try await door.events("?events=listener.*,server.stopping&last_seq=0", token: token)
            publish(door, "a")
            door.desk.events.publish(event: Event(.listenerDetached, session: .default, listener: ListenerID("lis_a")))
            #expect(try await lines.next()?.event == "listener.detached")
            door.desk.events.publish(event: Event(.serverStopping))
            #expect(try await lines.next()?.event == "server.stopping")
        }
    }

    @Test(arguments: [
        ("?events=nothing.*", "unknown_event"), ("?last_seq=x", "wrong_type"), ("?last_seq=-1", "wrong_type"),
    ])
    func `a wish that makes no sense is refused`(_ query: String, _ code: String) async throws {
        let desk = try await Desk()
        let answer = try await desk.ask("GET", "/v1/events\(query)", token: try await desk.token(.events))
        #expect(answer.status == 400 && answer.code == code)
    }

    @Test func `a revoked token stops reading`() async throws {
        try await Door.open { door in
            let token = try await door.desk.token(.events)
            let lines = try await door.events(token: token)
            publish(door, "a")
            #expect(try await lines.next()?.id == "1")
            for record in door.desk.access.list() { _ = try await door.desk.access.revoke(record.grant.token) }
            #expect(try await lines.next() == nil)
        }
    }

    @Test func `a reader that lost facts is told which`() async throws {
        try await Door.open { door in
            for _ in 0..<10_002 { publish(door, "a") }
            let lines = try await door.events("?last_seq=0", token: try await door.desk.token(.events))
            let lost = try #require(try await lines.next())
            #expect(lost.event == "events.lost" && lost.id == "2")
            #expect(lost.data?.contains(#""from":1"#) == true && lost.data?.contains(#""to":2"#) == true)
            #expect(try await lines.next()?.id == "3")
        }
    }

    @Test func `the end of the server ends the stream`() async throws {
        try await Door.open { door in
            let lines = try await door.events(token: try await door.desk.token(.events))
            door.desk.events.publish(event: Event(.serverStopping))
            door.desk.events.finish()
            #expect(try await lines.next()?.event == "server.stopping")
            #expect(try await lines.next() == nil)
        }
    }

    @Test func `pages and errors travel as they are`() async throws {
        try await Door.open { door in
            let page = try await door.client().send("GET", "/player")
            #expect(page.status == 200 && page.fields["ETag"] != nil)
            let head = try await door.client().send("HEAD", "/player")
            #expect(head.status == 200 && head.body.isEmpty)
            let refused = try await door.client().send("GET", "/v1/voices")
            #expect(refused.status == 401)
        }
    }

    private func publish(_ door: Door, _ session: String) {
        door.desk.events.publish(event: Event(.sessionStarted, session: SessionID(session)))
    }
}
