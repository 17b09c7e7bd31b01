import Flow
import Testing
import VoiceTesting

@testable import VoiceCore

@Suite(.timeLimit(.minutes(1))) struct SessionRegistryTests {
    private let time = ManualTimeline()
    private let events = Broadcast<Event>()
    private let admin = Grant(token: TokenID("tok_a"), scopes: .all)

    private func registry() -> SessionRegistry {
        SessionRegistry(events: events, timeline: time.timeline)
    }

    /// Advances time until the registry has ended a session.
    private func waitForEnd(_ registry: SessionRegistry, after duration: Duration) async -> Event? {
        var cursor = events.cursor { if case .sessionEnded = $0.body { true } else { false } }
        let run = Task { try await registry.run() }
        defer { run.cancel() }
        time.advance(by: duration)
        guard case .fact(_, let event) = await cursor.next() else { return nil }
        return event
    }

    @Test func `the default session is there from the start and is local`() async {
        let info = await registry().info(.default)
        #expect(info?.steps == [.session, .any, .local])
    }

    @Test func `the words of a session that is not kept are known as such, to its end and beyond`() async throws {
        let unkept = UnkeptSessions()
        let registry = SessionRegistry(events: events, timeline: time.timeline, unkept: unkept)
        let id = SessionID("secret")
        func cover() -> Bool { unkept.cover(Event(.attentionCalled("hey", score: 90), session: id)) }
        _ = try await registry.open(id, isStored: false, isLocal: false)
        #expect(cover() && !unkept.cover(Event(.sessionStarted, session: id)))
        #expect(!unkept.cover(Event(.attentionCalled("hey", score: 90), session: .default)))
        var relayed = Event(.attentionCalled("hey", score: 90), session: .default)
        relayed.isRelayed = true
        #expect(unkept.cover(relayed))
        _ = await registry.update(id, name: nil, voice: nil, isStored: true)
        #expect(!cover())
        _ = try await registry.open(id, isStored: false, isLocal: false)
        #expect(await registry.end(id) && cover())
        // One of that name that is kept is another one.
        _ = try await registry.open(id, isLocal: false)
        #expect(!cover())
    }

    @Test func `the last words of such a session stay unkept where another one takes its name at once`() async throws {
        let unkept = UnkeptSessions()
        let registry = SessionRegistry(events: events, timeline: time.timeline, unkept: unkept)
        let id = SessionID("secret")
        func cover(_ source: String, _ body: Event.Body) -> Bool {
            unkept.cover(Event(body, session: id, source: SourceID(source)))
        }
        func begin(_ source: String) -> Bool {
            let format = SourceFormat(codec: .opus, sampleRate: 48_000)
            return cover(
                source, .sourceStarted(SourceDescription(id: SourceID(source), session: id, format: format)))
        }
        let words = Event.Body.attentionCalled("hey", score: 90)
        _ = try await registry.open(id, isStored: false, isLocal: false)
        #expect(!begin("desk") && cover("desk", words))
        _ = await registry.end(id)
        _ = try await registry.open(id, isLocal: false)
        #expect(cover("desk", words), "it was said before")
        #expect(!begin("door") && !cover("door", words))
        // What is made of it after its end, too.
        #expect(!cover("desk", .sourceStopped(reason: "session_ended")) && cover("desk", words))
        #expect(!begin("desk") && !cover("desk", words), "another one of that name")
    }

    @Test func `sessions outlive the server, and are kept as little as before`() async throws {
        let shelf = Shelf()
        let first = SessionRegistry(events: events, timeline: time.timeline, shelf: shelf)
        let secret = try await first.open(SessionID("secret"), voice: "rms", isStored: false, isLocal: true)
        _ = try await first.open(SessionID("over"), isLocal: false)
        _ = await first.update(secret.id, name: "Ada", voice: nil)
        _ = await first.end(SessionID("over"))
        let unkept = UnkeptSessions()
        let second = SessionRegistry(events: events, timeline: time.timeline, unkept: unkept)
        await second.restore(shelf.sessions.withLock { Array($0.values) })
        #expect(await second.info(SessionID("over")) == nil)
        let found = try await second.open(secret.id, isLocal: false)
        #expect(found.name == "Ada" && found.voice == "rms" && found.isLocal && !found.isStored)
        #expect(unkept.cover(Event(.attentionCalled("hey", score: 90), session: secret.id)))
        #expect(await waitForEnd(second, after: .seconds(600))?.session == secret.id)
    }

    private final class Shelf: SessionShelf {
        let sessions = Monitor<[SessionID: SessionInfo]>([:])
        func keep(_ session: SessionInfo) { sessions.update { $0[session.id] = session } }
        func forget(_ session: SessionID) { sessions.update { $0[session] = nil } }
    }

    @Test func `opening a living session finds it again`() async throws {
        let registry = registry()
        let made = try await registry.open(nil, name: "Ada", voice: "rms", isLocal: false)
        let found = try await registry.open(made.id, name: nil, voice: nil, isLocal: true)
        #expect(found == made)
        #expect(found.steps == [.session, .any])
    }

    @Test func `a session ends 10 minutes after its last use`() async throws {
        let registry = registry()
        let made = try await registry.open(nil, isLocal: false)
        let ended = await waitForEnd(registry, after: .seconds(600))
        #expect(ended?.session == made.id)
        #expect(await registry.info(made.id) == nil)
    }

    @Test func `a session that a connection holds does not end by time`() async throws {
        let registry = registry()
        let held = try await registry.open(nil, isLocal: false)
        await registry.hold(held.id)
        let idle = try await registry.open(nil, isLocal: false)
        let ended = await waitForEnd(registry, after: .seconds(6_000))
        #expect(ended?.session == idle.id)
        #expect(await registry.info(held.id) != nil)
        await registry.release(held.id)
        #expect(await waitForEnd(registry, after: .seconds(600))?.session == held.id)
    }

    @Test func `a session lives as long as its jobs, and ten minutes more`() async throws {
        let registry = registry()
        let busy = try await registry.open(nil, isLocal: false)
        await registry.beginJob(of: busy.id)
        let idle = try await registry.open(nil, isLocal: false)
        #expect(await waitForEnd(registry, after: .seconds(6_000))?.session == idle.id)
        #expect(await registry.info(busy.id)?.jobCount == 1)
        await registry.endJob(of: busy.id)
        #expect(await waitForEnd(registry, after: .seconds(600))?.session == busy.id)
    }

    @Test func `a session lives as long as its sources, and ten minutes more`() async throws {
        let registry = registry()
        let busy = try await registry.open(nil, isLocal: false)
        await registry.beginSource(of: busy.id)
        let idle = try await registry.open(nil, isLocal: false)
        #expect(await waitForEnd(registry, after: .seconds(6_000))?.session == idle.id)
        #expect(await registry.info(busy.id)?.sourceCount == 1)
        await registry.endSource(of: busy.id)
        #expect(await waitForEnd(registry, after: .seconds(600))?.session == busy.id)
    }

    @Test func `the default session cannot be ended`() async {
        #expect(await registry().end(.default) == false)
    }

    @Test(arguments: ["", " ", "a b", String(repeating: "x", count: 65), "ü"])
    func `a name that no id may have is refused`(name: String) async {
        await #expect(throws: SessionError.badName) { try await registry().open(SessionID(name), isLocal: false) }
    }

    @Test func `a bound token sees its own session only`() async throws {
        let registry = registry()
        let made = try await registry.open(nil, isLocal: false)
        let bound = Grant(token: TokenID("tok_b"), scopes: .all, session: made.id)
        #expect(await registry.list(visibleTo: bound).map(\.id) == [made.id])
        #expect(await registry.list(visibleTo: admin).count == 2)
    }
}
