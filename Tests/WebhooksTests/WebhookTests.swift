import Flow
import Net
import Testing
import VoiceCore
import VoiceTesting
import Webhooks
import Wire

@Suite(.timeLimit(.minutes(1))) struct WebhookTests {
    /// Answers each request with the next status, and remembers what came.
    private final class Receiver: HTTPHandler {
        let requests = Monitor<[HTTPRequest]>([])
        private let statuses: Monitor<[Int]>

        init(_ statuses: [Int]) {
            self.statuses = Monitor(statuses)
        }

        func reply(to request: HTTPRequest) -> HTTPReply {
            requests.update { $0.append(request) }
            return .now(HTTPResponse(status: statuses.withLock { $0.isEmpty ? 204 : $0.removeFirst() }))
        }

        func wait(for count: Int) async -> [HTTPRequest] {
            await requests.wait { $0.count >= count ? $0 : nil } ?? []
        }
    }

    /// Runs a sender and a receiver on loopback while `work` publishes.
    private func run(
        _ statuses: [Int] = [], networks: [String] = ["127.0.0.0/8"], path: String = "/hook?key=1",
        _ work: @Sendable (Broadcast<Event>, Receiver, ManualTimeline) async throws -> Void
    ) async throws {
        let receiver = Receiver(statuses)
        let clock = ManualTimeline()
        let log = Log(label: "test", sink: LogSink(level: .error, style: .logfmt) { _ in })
        let server = try HTTPServer(
            options: ServerOptions(addresses: [SocketAddress(host: "127.0.0.1", port: 0)]), handler: receiver, log: log)
        let events = Broadcast<Event>()
        let hook = Webhook(
            url: try URLParts("http://127.0.0.1:\(server.boundAddresses[0].port)\(path)"),
            filter: try EventFilter(names: ["command.*"]), secret: Array("a secret of 23 letters.".utf8),
            networks: networks.compactMap { IPNetwork($0) })
        let sender = WebhookSender([hook], events: events, timeline: clock.timeline, log: log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { try await sender.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await work(events, receiver, clock)) } catch { result = .failure(error) }
            group.cancelAll()
            try await group.waitForAll()
            try result.get()
        }
    }

    private static func command(_ name: String) -> Event {
        Event(.commandMatched(SpokenCommand(name: name, pattern: name, matchedText: name, score: 100)))
    }

    @Test func `an event is posted with its name, its number and a signature`() async throws {
        try await run { events, receiver, _ in
            events.publish(event: Event(.serverStopping))
            events.publish(event: Self.command("lamp"))
            let request = try #require(await receiver.wait(for: 1).first)
            #expect(request.method == "POST" && request.rawTarget == "/hook?key=1")
            #expect(
                request.fields["X-Hearsay-Event"] == "command.matched" && request.fields["X-Hearsay-Sequence"] == "2")
            #expect(request.body == WireEvent.json(Self.at(request, Self.command("lamp")), sequence: 2))
            let seconds = try #require(request.fields["X-Hearsay-Timestamp"].flatMap { Int64($0) })
            let signature = WebhookSignature(
                at: WallTime(milliseconds: seconds * 1_000), request.body, secret: Array("a secret of 23 letters.".utf8)
            )
            #expect(request.fields["X-Hearsay-Signature"] == signature.text)
        }
    }

    /// The same event with the time that was sent.
    private static func at(_ request: HTTPRequest, _ event: Event) -> Event {
        var event = event
        let text = String(decoding: request.body, as: UTF8.self)
        let time = text.split(separator: "\"at\":\"").last?.split(separator: "\"").first
        if let at = time.flatMap({ WallTime(iso8601: String($0)) }) { event.at = at }
        return event
    }

    @Test func `what was not taken comes again, and what follows waits`() async throws {
        try await run([503, 429, 200], path: "/") { events, receiver, clock in
            events.publish(event: Self.command("one"))
            events.publish(event: Self.command("two"))
            // Each pause is over as soon as it begins.
            while receiver.requests.withLock({ $0.count }) < 4 {
                clock.advance(by: .seconds(60))
                await Task.yield()
            }
            let names = await receiver.wait(for: 4).map { String(decoding: $0.body, as: UTF8.self).contains("\"one\"") }
            #expect(names == [true, true, true, false])
        }
    }

    @Test func `what is refused for good is given up at once`() async throws {
        try await run([404, 301]) { events, receiver, _ in
            for name in ["one", "two", "three"] { events.publish(event: Self.command(name)) }
            #expect(await receiver.wait(for: 3).count == 3)
        }
    }

    @Test func `a network that is not named is never asked`() async throws {
        try await run(networks: ["192.0.2.0/24"]) { events, receiver, _ in
            events.publish(event: Self.command("one"))
            #expect(receiver.requests.withLock { $0.isEmpty })
        }
        let client = HTTPClient(
            base: try URLParts("http://localhost:1/"), networks: [IPNetwork("192.0.2.0/24")].compactMap { $0 })
        await #expect(throws: ClientError.foreignNetwork("localhost:1")) { _ = try await client.send("GET", "/") }
    }

    @Test func `an event is tried six times in a minute`() {
        var rule = DeliveryRule()
        let pauses = (1...DeliveryRule.attemptLimit).map { _ in rule.take(.failed) }
        #expect(pauses.last == .givenUp)
        #expect(pauses.dropLast() == [2, 4, 8, 16, 32].map { .again(after: .seconds($0)) }[...])
    }

    @Test func `a signature is the one that others compute`() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac secret
        let signature = WebhookSignature(
            at: WallTime(milliseconds: 1_700_000_000_999), Array("{}".utf8), secret: Array("secret".utf8))
        #expect(signature.timestamp == "1700000000")
        #expect(signature.text == "sha256=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163")
    }
}
