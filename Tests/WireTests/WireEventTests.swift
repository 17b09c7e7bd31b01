import Flow
import Testing
import VoiceCore
import Wire
import JSON

@Suite struct WireEventTests {
    private let at = WallTime(milliseconds: 1_763_686_683_123)
    private let session = SessionID("default")
    private let job = JobID("job_1")
    private let listener = ListenerID("lis_1")

    private func text(_ event: Event, sequence: UInt64? = nil) -> String {
        String(decoding: WireEvent.json(event, sequence: sequence), as: UTF8.self)
    }

    @Test func `a start is written with its envelope`() {
        let body = Event.Body.jobStarted(listeners: [listener], text: "Hi \"you\"", delay: .milliseconds(42))
        #expect(
            text(Event(body, at: at, session: session, job: job), sequence: 1_042)
                == #"{"at":"2025-11-21T00:58:03.123Z","delay_ms":42,"job_id":"job_1","listeners":["lis_1"],"seq":1042,"session_id":"default","text":"Hi \"you\"","type":"job.started","v":1}"#
        )
    }

    @Test func `both halves of the text are there also when one is empty`() {
        let delivered = Delivered(delivered: "", unspoken: "Hi", position: .zero, percent: 0, isEstimated: false)
        #expect(
            text(Event(.jobEnded(.failed(.noListener, delivered)), at: at, session: session, job: job), sequence: 7)
                == #"{"at":"2025-11-21T00:58:03.123Z","code":"no_listener","delivered_text":"","estimated":false,"job_id":"job_1","message":"nobody was ready to hear it in time; open the player page and enable sound, or connect a loudspeaker","position_ms":0,"seq":7,"session_id":"default","spoken_percent":0,"type":"job.failed","unspoken_text":"Hi","v":1}"#
        )
    }

    @Test func `a reading has no number`() {
        let words = [WordTime(characterOffset: 3, characterCount: 2, start: .milliseconds(10), end: .milliseconds(90))]
        #expect(
            text(Event(.jobWords(words, isEstimated: true), at: at, job: job))
                == #"{"at":"2025-11-21T00:58:03.123Z","estimated":true,"job_id":"job_1","type":"job.words","v":1,"words":[{"char_end":5,"char_index":3,"end_ms":90,"start_ms":10}]}"#
        )
    }

    @Test func `every kind of event has a listed name and its number`() throws {
        let delivered = Delivered(delivered: "a", unspoken: "b", position: .zero, percent: 50, isEstimated: true)
        let description = ListenerDescription(
            id: listener, kind: "browser", scope: .session(session), output: OutputID("out_1"))
        let bodies: [Event.Body] = [
            .jobQueued(position: 1, estimatedWait: .seconds(2), preview: "a"), .jobHeld(reason: "no_listener"),
            .jobMoved(from: [listener], to: [], position: .seconds(1)),
            .jobEnded(.finished(heard: .confirmed, duration: .seconds(1), listeners: [listener])),
            .jobEnded(.aborted(reason: .requested, delivered)), .listenerAttached(description),
            .listenerReady(.notReady(reason: "muted")), .listenerFailed(reason: "unconfirmed"), .listenerDetached,
            .listenerUpdated(ListenerTrim()), .sessionStarted, .sessionEnded(reason: "expired"), .serverStopping,
            .queueChanged(QueueState(depth: 2)),
            .engineChanged(EngineState(engine: "flite", phase: .failed, reason: "gone")),
            .jobProgress(
                JobProgress(position: .zero, wordIndex: 1, characterOffset: 2, characterEnd: 4, percent: 50)),
        ]
        for body in bodies {
            let event = Event(body, at: at, session: session)
            #expect(EventName.all.contains(WireEvent.name(event)))
            let value: JSONValue = try JSONText.value(of: WireEvent.json(event, sequence: 5))
            #expect(value["seq"] == 5)
            #expect(value["type"]?.text == WireEvent.name(event))
        }
    }

    @Test func `lost facts are told as a range`() {
        let json = String(decoding: WireEvent.lost(3...9), as: UTF8.self)
        #expect(json == #"{"from":3,"to":9,"type":"events.lost","v":1}"#)
    }

    @Test func `a filter takes names, families and all, of the sessions it names`() throws {
        let started = Event(.sessionStarted, session: session)
        #expect(try EventFilter(names: ["session.started"]).matches(started))
        #expect(try EventFilter(names: ["session.*"]).matches(started))
        #expect(try EventFilter(names: ["*"]).matches(started))
        #expect(try !EventFilter(names: ["job.*"]).matches(started))
        #expect(try EventFilter(names: ["*"], sessions: [session]).matches(started))
        #expect(try !EventFilter(names: ["*"], sessions: [SessionID("b")]).matches(started))
        #expect(try !EventFilter(names: ["*"], sessions: [session]).matches(Event(.serverStopping)))
    }

    @Test func `taking names away leaves the others`() throws {
        let filter = try EventFilter(names: ["job.*", "session.*"])
        #expect(filter.removing(try EventFilter(names: ["job.*"]))?.names == ["session.*"])
        #expect(filter.removing(filter) == nil)
    }

    @Test func `a bound token sees its session and what concerns everybody`() {
        let bound = Grant(token: TokenID("t"), scopes: .events, session: session)
        #expect(Event(.sessionStarted, session: session).isVisible(to: bound))
        #expect(!Event(.sessionStarted, session: SessionID("b")).isVisible(to: bound))
        #expect(!Event(.queueChanged(QueueState(depth: 1))).isVisible(to: bound))
        #expect(Event(.serverStopping).isVisible(to: bound))
    }
}
