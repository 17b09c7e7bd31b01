import Flow
import Gateway
import JSON
import Net
import Testing
import VoiceCore

@Suite(.timeLimit(.minutes(1))) struct DraftEndpointsTests {
    private static func draft(_ id: String, session: String, hasEnded: Bool = true, hasSound: Bool = false)
        -> NotedDraft
    {
        var draft = Draft(
            id: DraftID(id), session: SessionID(session), source: SourceID("desk"),
            startedAt: WallTime(milliseconds: 1_795_222_683_000), start: .seconds(10), startText: "take this down",
            speaker: "Ann")
        draft.parts = [("Buy <milk>", 10), ("and call Anna.", 12)].map { text, start in
            Draft.Part(
                utterance: UtteranceID("utt_\(start)"),
                said: UtteranceTranscript(
                    transcript: Transcript(text: text), start: .seconds(start), end: .seconds(start + 1),
                    engine: "fake", latency: .zero))
        }
        if hasEnded {
            draft.ending = Draft.Ending(.command, at: draft.startedAt, position: .seconds(13), text: "session end")
        }
        let recording = Recording(
            draft: draft.id, path: "/r/block-1", duration: .seconds(4), byteCount: 6, utteranceCount: 2)
        return NotedDraft(number: 1, draft: draft, recording: hasSound ? recording : nil)
    }

    private static func notebook() -> MemoryNotebook {
        MemoryNotebook([
            draft("dra_a", session: "a", hasSound: true), draft("dra_b", session: "b"),
            draft("dra_c", session: "a", hasEnded: false),
        ])
    }

    @Test func `drafts are listed, and one is shown in full`() async throws {
        let notebook = Self.notebook()
        let desk = try await Desk(notebook: notebook)
        let token = try await desk.token(.events)
        let list = try await desk.ask(
            "GET", "/v1/drafts?limit=2&q=milk&since=2026-11-01&before=9&source=desk", token: token)
        #expect(list.all("drafts", "draft_id") == ["dra_a", "dra_b"] && list.json["total"]?.whole == 3)
        #expect(list.json["next"]?.whole == 1)
        let query = try #require(notebook.queries.withLock { $0.last })
        #expect(query.count == 2 && query.text == "milk" && query.before == 9 && query.source == SourceID("desk"))
        #expect(query.since == WallTime(iso8601: "2026-11-01"))
        let shown = try await desk.ask("GET", "/v1/drafts/dra_a", token: token)
        #expect(shown.json["text"]?.text == "Buy <milk> and call Anna.")
        #expect(shown.json["utterances"]?.elements?.map { $0["start_ms"]?.whole } == [10_000, 12_000])
        #expect(shown.json["recording"]?["path"]?.text == "/r/block-1")
        #expect(shown.json["ended_by"]?.text == "command" && shown.json["end_text"]?.text == "session end")
        #expect(try await desk.ask("GET", "/v1/drafts/dra_x", token: token).code == "unknown_draft")
        for wrong in ["limit=0", "limit=x", "since=soon", "before=-1"] {
            #expect(try await desk.ask("GET", "/v1/drafts?\(wrong)", token: token).status == 400)
        }
    }

    @Test func `a draft leaves as text and as subtitles that fit its recording`() async throws {
        let desk = try await Desk(notebook: Self.notebook())
        let token = try await desk.token(.events)
        func export(_ id: String, _ form: String) async throws -> Answer {
            try await desk.ask("GET", "/v1/drafts/\(id)?format=\(form)", token: token)
        }
        #expect(try await export("dra_b", "txt").text == "Buy <milk> and call Anna.\n")
        #expect(
            try await export("dra_b", "srt").text
                == "1\n00:00:00,000 --> 00:00:01,000\nBuy <milk>\n\n2\n00:00:02,000 --> 00:00:03,000\nand call Anna.\n\n"
        )
        #expect(
            try await export("dra_a", "vtt").text
                == "WEBVTT\n\n00:00:00.400 --> 00:00:01.400\nBuy &lt;milk&gt;\n\n00:00:02.400 --> 00:00:03.400\nand call Anna.\n\n"
        )
        #expect(try await export("dra_a", "pdf").status == 400)
    }

    @Test func `what is taken back is not told to those who come later`() async throws {
        var better = Self.draft("dra_better", session: "a")
        better.draft.parent = DraftID("dra_a")
        var best = Self.draft("dra_best", session: "a").draft
        best.parent = better.draft.id
        let desk = try await Desk(notebook: MemoryNotebook([Self.draft("dra_a", session: "a"), better]))
        let control = try await desk.token(.control)
        func tell(_ body: Event.Body, session: String, _ utterance: String? = nil) {
            desk.events.publish(
                event: Event(body, session: SessionID(session), utterance: utterance.map { UtteranceID($0) }))
        }
        tell(.draftStarted(Self.draft("dra_a", session: "a").draft), session: "a")
        tell(.draftRevised(best), session: "a")
        tell(.transcriptFailed(code: "overloaded"), session: "a", "utt_10")
        tell(.transcriptFinal(Self.draft("dra_b", session: "b").draft.parts[0].said), session: "b", "utt_99")
        func told() -> [String] {
            var cursor = desk.events.cursor(after: 0)
            var names: [String] = []
            while let item = cursor.nextIfAny() {
                guard case .fact(_, let event) = item else { continue }
                switch event.body {
                case .draftStarted, .draftRevised: names.append("draft")
                case .transcriptFailed, .transcriptFinal: names.append("text")
                case .draftDeleted(let id, let said): names.append("deleted \(id) \(said.map(\.rawValue))")
                case .transcriptDeleted: names.append("deleted all of \(event.session?.rawValue ?? "")")
                default: break
                }
            }
            return names
        }
        #expect(told() == ["draft", "draft", "text", "text"])
        #expect(try await desk.ask("DELETE", "/v1/drafts/dra_a", token: control).status == 200)
        // The better reading of the better one went with them.
        let deleted = [#"deleted dra_a ["utt_10", "utt_12"]"#, "deleted dra_better []"]
        #expect(told() == ["text"] + deleted)
        #expect(try await desk.ask("DELETE", "/v1/transcripts?session=b", token: control).status == 200)
        #expect(told() == deleted + ["deleted all of b"])
    }

    @Test func `who may not see a session does not learn that it was spoken in`() async throws {
        let notebook = Self.notebook()
        let desk = try await Desk(notebook: notebook, recordings: notebook)
        let bound = try await desk.token([.events, .listen, .capture], session: "b")
        #expect(try await desk.ask("GET", "/v1/drafts", token: bound).all("drafts", "draft_id") == ["dra_b"])
        #expect(
            try await desk.ask("GET", "/v1/transcripts", token: bound).all("transcripts", "session_id") == ["b", "b"])
        for (method, path) in [
            ("GET", "/v1/drafts/dra_a"), ("DELETE", "/v1/drafts/dra_a"), ("HEAD", "/v1/drafts/dra_a/audio"),
        ] {
            let answer = try await desk.ask(method, path, token: bound)
            #expect(answer.status == 404, "\(method) \(path)")
        }
        for path in ["/v1/drafts?session=a", "/v1/transcripts?session=a"] {
            #expect(try await desk.ask("GET", path, token: bound).code == "unknown_session")
        }
        #expect(try await desk.ask("DELETE", "/v1/transcripts?session=a", token: bound).code == "unknown_session")
        let room = try await desk.token([.events], room: "studio")
        #expect(try await desk.ask("GET", "/v1/drafts", token: room).all("drafts", "draft_id").isEmpty)
        #expect(try await desk.ask("GET", "/v1/transcripts", token: room).all("transcripts", "session_id").isEmpty)
    }

    @Test func `taking back needs capture, for sessions of others control`() async throws {
        let notebook = Self.notebook()
        let desk = try await Desk(notebook: notebook)
        let reader = try await desk.token([.events, .listen])
        #expect(try await desk.ask("DELETE", "/v1/drafts/dra_a", token: reader).code == "not_allowed")
        let capture = try await desk.token(.capture)
        #expect(try await desk.ask("DELETE", "/v1/drafts/dra_b", token: capture).code == "not_allowed")
        #expect(try await desk.ask("DELETE", "/v1/transcripts?session=b", token: capture).code == "not_allowed")
        #expect(try await desk.ask("DELETE", "/v1/transcripts", token: capture).code == "missing_field")
        let own = try await desk.token(.capture, session: "a")
        #expect(try await desk.ask("DELETE", "/v1/drafts/dra_a", token: own).status == 200)
        #expect(try await desk.ask("DELETE", "/v1/drafts/dra_a", token: own).code == "unknown_draft")
        #expect(try await desk.ask("DELETE", "/v1/drafts/dra_c", token: own).status == 409)
        #expect(try await desk.ask("DELETE", "/v1/transcripts", token: own).code == "draft_grows")
        let control = try await desk.token(.control)
        #expect(try await desk.ask("DELETE", "/v1/drafts/dra_b", token: control).status == 200)
        #expect(try await desk.ask("DELETE", "/v1/transcripts?session=b", token: control).json["deleted"]?.whole == 7)
        #expect(notebook.forgottenSessions.withLock { $0 } == [SessionID("b")])
    }
}
