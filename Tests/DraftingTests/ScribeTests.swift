import Commands
import Drafting
import Flow
import Testing
import VoiceCore
import VoiceTesting

@Suite(.timeLimit(.minutes(1))) struct ScribeTests {
    /// A notebook that remembers what was taken, and a recorder that remembers what it was told.
    private final class Witness: NoteTaker, DraftRecorder {
        let notes = Monitor<[SpokenNote]>([])
        let told = Monitor<[String]>([])

        func take(_ note: SpokenNote) { notes.withLock { $0.append(note) } }
        func begin(_ draft: Draft) async -> String? {
            tell("begin")
            return "/r"
        }

        func add(_ utterance: UtteranceID, to draft: Draft) async { tell("add \(utterance)") }
        func passOver(_ utterance: UtteranceID) async { tell("pass \(utterance)") }
        func revise(_ draft: Draft) async { tell("revise") }

        func end(_ draft: Draft) async -> Recording? {
            tell("end")
            return Recording(draft: draft.id, path: "/r", duration: .zero, byteCount: 0, utteranceCount: 0)
        }

        private func tell(_ words: String) { told.update { $0.append(words) } }
    }

    private struct Room: Sendable {
        let events = Broadcast<Event>()
        let witness = Witness()
        let clock = ManualTimeline()
        let forgotten = ForgottenSpeech()
        /// Whether what is said may be kept, from the next words on.
        let isKept: Monitor<Bool?>
        let scribe: Scribe

        init(isKept: Bool?) {
            let isKept = Monitor(isKept)
            self.isKept = isKept
            scribe = Scribe(
                events, commands: CommandShelf(.palaver), notebook: witness, recorder: witness,
                forgotten: forgotten, timeline: clock.timeline, isKept: { _ in isKept.withLock { $0 } })
        }

        func open(role: SourceRole = .human, records: Bool = false, wake: String? = nil) {
            var description = SourceDescription(
                id: SourceID("desk"), session: .default, format: SourceFormat(codec: .pcmS16, sampleRate: 16_000),
                role: role, recognition: RecognitionSettings(wake: wake))
            description.records = records
            publish(.sourceStarted(description))
        }

        func publish(_ body: Event.Body, _ utterance: String? = nil) {
            events.publish(
                event: Event(
                    body, session: .default, source: SourceID("desk"), utterance: utterance.map { UtteranceID($0) }))
        }

        func say(_ utterance: String, _ text: String, isRevised: Bool = false) {
            let said = UtteranceTranscript(
                transcript: Transcript(text: text), start: .zero, end: .seconds(1), engine: "fake", latency: .zero)
            publish(isRevised ? .transcriptRevised(said) : .transcriptFinal(said), utterance)
        }
    }

    /// Runs a scribe over what is told, and gives what it tells.
    private func story(
        isKept: Bool? = true, _ tell: @Sendable (Room) async -> Void
    ) async throws -> (events: [String], room: Room) {
        let room = Room(isKept: isKept)
        var cursor = room.events.cursor { WireName.of($0.body) != nil }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await room.scribe.run() }
            await tell(room)
            group.cancelAll()
            try await group.waitForAll()
        }
        var events: [String] = []
        while let item = cursor.nextIfAny() {
            if case .fact(_, let event) = item, let name = WireName.of(event.body) { events.append(name) }
        }
        return (events, room)
    }

    private enum WireName {
        static func of(_ body: Event.Body) -> String? {
            switch body {
            case .commandMatched(let command): command.name
            case .draftStarted: "started"
            case .draftEnded(let draft): "ended \(draft.text)"
            case .draftRevised(let draft): "revised \(draft.text)"
            case .recordingSaved: "saved"
            case .sourceStopped: "stopped"
            default: nil
            }
        }
    }

    @Test func `commands and drafts follow what was said, before the end of the source`() async throws {
        let (events, room) = try await story { room in
            room.open()
            room.say("a", "Take this down.")
            room.say("b", "by milk")
            room.say("b", "buy milk", isRevised: true)
            await room.scribe.finish(SourceID("desk"))
            room.publish(.sourceStopped(reason: "closed"))
        }
        #expect(events == ["start_block", "started", "ended buy milk", "stopped"])
        #expect(room.witness.notes.withLock { $0.count } == 8)
        #expect(room.witness.told.withLock { $0 } == ["pass a", "pass b"])
    }

    @Test func `what was told before the end of the server is worked through`() async throws {
        let (events, _) = try await story { room in
            room.open()
            room.say("a", "Take this down, buy milk")
        }
        #expect(events == ["start_block", "started", "ended buy milk"])
    }

    @Test func `audio is kept of drafts alone, of utterances without text too`() async throws {
        let (events, room) = try await story { room in
            room.open(records: true)
            room.say("a", "nothing")
            room.say("b", "take this down")
            room.publish(.transcriptFailed(code: "no_speech"), "c")
            room.say("d", "bread. Session end.")
            room.publish(.transcriptFailed(code: "no_speech"), "e")
            room.say("d", "red bread. Session end.", isRevised: true)
        }
        #expect(events == ["start_block", "started", "stop_block", "ended bread.", "saved", "revised red bread."])
        // The folder is known from its beginning on, so that nothing lies there unknown after a crash.
        let recordings = room.witness.notes.withLock { $0 }.filter { note in
            switch note {
            case .recordingBegan(_, path: "/r"), .recording: true
            default: false
            }
        }
        #expect(recordings.count == 2)
        #expect(
            room.witness.told.withLock { $0 } == [
                "pass a", "begin", "add b", "pass b", "add c", "pass c", "add d", "end", "pass d", "pass e", "revise",
            ])
    }

    @Test func `what ends a draft and begins the next in one breath is recorded for both`() async throws {
        let (events, room) = try await story { room in
            room.open(records: true)
            room.say("a", "take this down")
            room.say("b", "one break break break take this down two break break break")
        }
        #expect(
            events == ["start_block", "started", "stop_block", "ended one", "saved"]
                + ["start_block", "started", "stop_block", "ended two", "saved"])
        #expect(
            room.witness.told.withLock { $0 } == [
                "begin", "add a", "pass a", "add b", "end", "begin", "add b", "end", "pass b",
            ])
    }

    @Test(arguments: ["draft", "session", "draft, told late"]) func `what was taken back is not understood better`(
        _ what: String
    ) async throws {
        let (events, _) = try await story { room in
            var cursor = room.events.cursor { if case .recordingSaved = $0.body { true } else { false } }
            room.open(records: true)
            room.say("a", "take this down, buy milk. Session end.")
            guard case .fact(_, let event) = await cursor.next(), case .recordingSaved(let saved) = event.body
            else { return }
            let draft = saved.draft
            if what == "session" {
                room.forgotten.forgetAll(of: .default)
                room.publish(.transcriptDeleted)
            } else {
                room.forgotten.forget(draft, [UtteranceID("a")])
                if what == "draft" { room.publish(.draftDeleted(draft, utterances: [UtteranceID("a")])) }
            }
            room.say("a", "take this down, buy silk. Session end.", isRevised: true)
            room.say("b", "take this down, bread. Session end.")
            room.say("b", "take this down, red bread. Session end.", isRevised: true)
        }
        #expect(
            events == ["start_block", "started", "stop_block", "ended buy milk.", "saved"]
                + ["start_block", "started", "stop_block", "ended bread.", "saved", "revised red bread."])
    }

    @Test(arguments: [false, nil]) func `nothing is kept of a session that says so, or that nobody knows`(
        _ isKept: Bool?
    ) async throws {
        let (events, room) = try await story(isKept: isKept) { room in
            room.open(records: true)
            room.say("a", "take this down, buy milk. Session end.")
        }
        #expect(events == ["start_block", "started", "stop_block", "ended buy milk."])
        #expect(room.witness.notes.withLock { $0 }.isEmpty)
        #expect(room.witness.told.withLock { $0.allSatisfy { $0.hasPrefix("pass") } })
    }

    @Test func `what is kept of a draft ends where its session is kept no longer`() async throws {
        let (events, room) = try await story { room in
            room.open(records: true)
            room.say("a", "take this down, buy milk.")
            while !room.witness.told.withLock({ $0.contains("add a") }) { await Task.yield() }
            room.isKept.update { $0 = false }
            room.say("b", "and a secret.")
            room.say("c", "Session end.")
        }
        #expect(events == ["start_block", "started", "ended buy milk.", "saved"])
        #expect(room.witness.told.withLock { $0.suffix(2) } == ["pass b", "pass c"])
        let kept = room.witness.notes.withLock { $0 }
        #expect(kept.contains { if case .recording = $0 { true } else { false } })
        #expect(!kept.contains { if case .said(let noted) = $0 { noted.utterance != UtteranceID("a") } else { false } })
    }

    @Test func `a session that was begun after the one of that name ended says nothing about it`() async throws {
        let (_, room) = try await story(isKept: false) { room in
            room.open(records: true)
            room.say("a", "take this down, a secret.")
            while !room.witness.told.withLock({ $0.contains("pass a") }) { await Task.yield() }
            room.publish(.sessionEnded(reason: "requested"))
            room.isKept.update { $0 = true }
            room.say("b", "and another. Session end.")
        }
        #expect(room.witness.notes.withLock { $0 }.isEmpty)
    }

    @Test func `of what another server heard nothing is kept and nothing made`() async throws {
        let (events, room) = try await story { room in
            room.open(role: .relay, records: true)
            room.say("a", "take this down, buy milk. Session end.")
            room.say("a", "take this down, buy silk. Session end.", isRevised: true)
            room.publish(.transcriptFailed(code: "no_speech"), "b")
        }
        #expect(events.isEmpty)
        #expect(room.witness.notes.withLock { $0.isEmpty })
        #expect(room.witness.told.withLock { $0 } == ["pass a", "pass a", "pass b"])
    }

    @Test func `what a program says is no order, and a wake phrase goes before others`() async throws {
        let agent = try await story { room in
            room.open(role: .agent)
            room.say("a", "take this down")
        }
        #expect(agent.events.isEmpty && agent.room.witness.notes.withLock { $0.count } == 1)
        let called = try await story { room in
            room.open(wake: "hey rupert")
            room.say("a", "take this down")
            room.say("b", "hey rupert take this down")
        }
        #expect(called.events == ["start_block", "started", "ended "])
    }
}
