import Gateway
import Testing
import VoiceCore
import Wire
import JSON

/// Subscriptions: replay, order, and who sees what.
@Suite(.timeLimit(.minutes(2))) struct SocketEventTests {
    /// The numbers of the next facts.
    private func sequences(_ client: Client, _ count: Int) async throws -> [Int] {
        var numbers: [Int] = []
        while numbers.count < count {
            if case .json(let value) = try await client.next(), let number = value["seq"]?.whole {
                numbers.append(number)
            }
        }
        return numbers
    }

    @Test func `a replay goes over into what comes, none missing and none twice`() async throws {
        try await Stage.run { stage in
            for _ in 1...100 { stage.publish("default") }
            let client = try await stage.guest()
            client.send(#"{"type":"subscribe","req":1,"events":["session.*"],"last_seq":40}"#)
            let answer = try await client.next("ok")
            #expect(answer["seq"] == 100)
            #expect(answer["oldest"] == 1)
            for _ in 1...50 { stage.publish("default") }
            #expect(try await sequences(client, 110) == Array(41...150))
        }
    }

    @Test func `a second subscription replays only what was not sent`() async throws {
        try await Stage.run { stage in
            for number in 1...20 { stage.publish(number.isMultiple(of: 2) ? "even" : "odd") }
            let client = try await stage.guest()
            client.send(#"{"type":"subscribe","events":["*"],"sessions":["even"],"last_seq":10}"#)
            #expect(try await sequences(client, 5) == [12, 14, 16, 18, 20])
            client.send(#"{"type":"subscribe","events":["*"],"last_seq":5}"#)
            #expect(try await sequences(client, 10) == [6, 7, 8, 9, 10, 11, 13, 15, 17, 19])
            stage.publish("odd")
            stage.publish("even")
            #expect(try await sequences(client, 2) == [21, 22])
        }
    }

    @Test func `facts that left the ring are told as lost`() async throws {
        try await Stage.run(ringSize: 10) { stage in
            for _ in 1...30 { stage.publish("default") }
            let client = try await stage.guest()
            client.send(#"{"type":"subscribe","events":["*"],"last_seq":5}"#)
            let lost = try await client.next("events.lost")
            #expect(lost["from"] == 6)
            #expect(lost["to"] == 20)
            #expect(try await sequences(client, 10) == Array(21...30))
        }
    }

    @Test func `a name that was given up is not sent any more`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["session.*","server.*"]}"#)
            try await client.ask("unsubscribe", #"{"events":["session.*"]}"#)
            stage.publish("default")
            stage.events.publish(event: Event(.serverStopping))
            #expect(try await sequences(client, 1) == [2])
        }
    }

    @Test func `a bound token sees its session only, in replay and after`() async throws {
        try await Stage.run { stage in
            for name in ["mine", "other", "mine"] { stage.publish(name) }
            let client = try await stage.guest(.events, session: "mine")
            client.send(#"{"type":"subscribe","events":["*"],"last_seq":0}"#)
            stage.publish("other")
            stage.events.publish(event: Event(.queueChanged(QueueState(depth: 3))))
            stage.publish("mine")
            let all = try await sequences(client, 4)
            #expect(all == [1, 3, 4, 6])
            let answer = try await client.ask("subscribe", #"{"events":["*"],"sessions":["other"]}"#)
            #expect(answer["code"] == "unknown_session")
        }
    }

    @Test func `readings come without a number`() async throws {
        try await Stage.run { stage in
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["queue.changed"]}"#)
            stage.events.publish(event: Event(.queueChanged(QueueState(depth: 3))))
            let reading = try await client.next("queue.changed")
            #expect(reading["depth"] == 3)
            #expect(reading["seq"] == nil)
        }
    }

    @Test func `a slow subscriber is waited for and misses nothing`() async throws {
        try await Stage.run { stage in
            let text = String(repeating: "x", count: 16_000)
            let client = try await stage.guest()
            try await client.ask("subscribe", #"{"events":["job.*"]}"#)
            for _ in 1...500 {
                let body = Event.Body.jobStarted(listeners: [], text: text, delay: .zero)
                stage.events.publish(event: Event(body, session: .default))
            }
            #expect(try await sequences(client, 500) == Array(1...500))
        }
    }

    @Test func `at a stop everybody has got the last facts before the connections may end`() async throws {
        try await Stage.run { stage in
            var clients: [Client] = []
            for _ in 1...8 {
                let client = try await stage.guest()
                try await client.ask("subscribe", #"{"events":["session.*"]}"#)
                clients.append(client)
            }
            let stopping = Task { await stage.readers.run() }
            for _ in 1...300 { stage.publish("default") }
            stopping.cancel()
            await stopping.value
            for client in clients {
                client.send(#"{"type":"ping","req":"after"}"#)
                var count = 0
                while case .json(let value) = try await client.next(), value["req"] != "after" { count += 1 }
                #expect(count == 300)
            }
        }
    }
}
