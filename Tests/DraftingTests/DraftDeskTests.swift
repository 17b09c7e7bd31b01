import Commands
import Drafting
import Flow
import Testing
import VoiceCore

@Suite struct DraftDeskTests {
    /// Says sentences one after the other, each a second long, and tells what came of it in short words.
    private struct Talk {
        var desk = DraftDesk(session: .default, source: SourceID("desk"))
        let matcher: CommandMatcher
        var count = 0
        var position = Duration.zero

        init(_ book: String = CommandBook.palaverText) throws {
            matcher = CommandMatcher(try CommandBook(book))
        }

        mutating func say(_ text: String, after pause: Duration = .milliseconds(700)) -> [DraftDesk.Outcome] {
            position += pause
            count += 1
            defer { position += .seconds(1) }
            return desk.take(
                Self.transcript(text, at: position), of: UtteranceID("utt_\(count)"), at: WallTime(milliseconds: 0),
                by: matcher)
        }

        mutating func revise(_ number: Int, _ text: String) -> [DraftDesk.Outcome] {
            desk.revise(Self.transcript(text, at: .zero), of: UtteranceID("utt_\(number)"), by: matcher)
        }

        static func transcript(_ text: String, at start: Duration) -> UtteranceTranscript {
            let words = text.split(separator: " ").enumerated().map { index, word in
                TranscriptWord(
                    text: String(word), start: .milliseconds(100 * index), end: .milliseconds(100 * index + 90))
            }
            return UtteranceTranscript(
                transcript: Transcript(text: text, words: words), start: start, end: start + .seconds(1),
                engine: "fake", latency: .zero)
        }
    }

    private static func words(_ outcomes: [DraftDesk.Outcome]) -> [String] {
        outcomes.map { outcome in
            switch outcome {
            case .matched(let command): "matched \(command.name)"
            case .called(let text, _): "called \(text)"
            case .began(let draft): "began \(draft.startText)"
            case .grew(let draft, let place): "grew \(place): \(draft.text)"
            case .ended(let draft): "ended \(draft.ending?.reason.rawValue ?? ""): \(draft.text)"
            case .revised(let draft): "revised: \(draft.text)"
            }
        }
    }

    private static func ended(_ outcomes: [DraftDesk.Outcome]) -> Draft? {
        outcomes.compactMap { if case .ended(let draft) = $0 { draft } else { nil } }.last
    }

    @Test func `a draft is what was said between its commands`() throws {
        var talk = try Talk()
        #expect(talk.say("Nothing of note.").isEmpty)
        #expect(
            Self.words(talk.say("Okay, start a new note.")) == [
                "matched start_block", "began start a new note", "grew 0: ",
            ])
        #expect(Self.words(talk.say("Buy milk,")) == ["grew 1: Buy milk,"])
        #expect(Self.words(talk.say("and call Anna.")) == ["grew 2: Buy milk, and call Anna."])
        let last = talk.say("Break, break, break!")
        #expect(
            Self.words(last) == [
                "matched stop_block", "grew 3: Buy milk, and call Anna.",
                "ended command: Buy milk, and call Anna.",
            ])
        let draft = try #require(Self.ended(last))
        #expect(draft.ending?.text == "break break break" && draft.startText == "start a new note")
        // Every utterance it was made of is known, those of the commands too.
        #expect(draft.parts.map(\.utterance.rawValue) == ["utt_2", "utt_3", "utt_4", "utt_5"])
        #expect(talk.say("That was all.").isEmpty)
    }

    @Test func `one breath is enough, and what stands outside is left out`() throws {
        var talk = try Talk()
        let outcomes = talk.say("Well then. Take this down: buy milk. Break break break. Thanks!")
        #expect(Self.ended(outcomes)?.text == "buy milk.")
        #expect(Self.ended(outcomes)?.parts.first?.said.transcript.words.map(\.text) == ["buy", "milk."])
        #expect(talk.desk.draft == nil)
    }

    @Test func `a command may be said with pauses`() throws {
        var talk = try Talk()
        #expect(talk.say("Start a").isEmpty)
        #expect(Self.words(talk.say("new note")).contains("began start a new note"))
        _ = talk.say("Buy milk break")
        #expect(Self.words(talk.say("break")) == ["grew 2: Buy milk break break"])
        let last = talk.say("break")
        #expect(Self.ended(last)?.text == "Buy milk")
        #expect(last.contains { if case .grew(_, let place) = $0 { place <= 1 } else { false } })
    }

    @Test func `words with a long pause between them are no command`() throws {
        var talk = try Talk()
        _ = talk.say("Start a")
        #expect(talk.say("new note", after: .seconds(4)).isEmpty)
    }

    @Test func `the start of a draft within a draft, and an end without one, are words`() throws {
        var talk = try Talk()
        #expect(talk.say("Break break break.").isEmpty)
        _ = talk.say("Start a new note.")
        #expect(Self.words(talk.say("We start a new note tomorrow.")) == ["grew 1: We start a new note tomorrow."])
    }

    @Test func `the end of the source ends its draft, once`() throws {
        var talk = try Talk()
        _ = talk.say("Start a new note buy milk")
        #expect(Self.words(talk.desk.finish(at: WallTime(milliseconds: 9))) == ["ended source_stopped: buy milk"])
        #expect(talk.desk.finish(at: WallTime(milliseconds: 9)).isEmpty)
    }

    @Test func `two notes in one utterance are two drafts`() throws {
        var talk = try Talk()
        let outcomes = talk.say("take this down one break break break take this down two break break break")
        let drafts = outcomes.compactMap { if case .ended(let draft) = $0 { draft } else { nil } }
        #expect(drafts.map(\.text) == ["one", "two"])
        #expect(Set(drafts.map(\.id)).count == 2)
    }

    @Test func `a better reading changes the draft, ended or not`() throws {
        var talk = try Talk()
        _ = talk.say("take this down by milk")
        _ = talk.say("and bred")
        #expect(Self.words(talk.revise(2, "and bread")) == ["grew 1: by milk and bread"])
        _ = talk.say("soon break break break")
        #expect(Self.words(talk.revise(1, "Take this down buy milk")) == ["revised: buy milk and bread soon"])
        #expect(Self.words(talk.revise(3, "soon! Break break break")) == ["revised: buy milk and bread soon!"])
        // Where the command is not found any more nobody knows what belongs to the draft.
        #expect(talk.revise(1, "bake this brown buy milk").isEmpty)
        #expect(talk.revise(9, "other").isEmpty)
    }

    @Test func `a draft of some hours ends by itself`() throws {
        var talk = try Talk()
        _ = talk.say("start a new note")
        var last: [DraftDesk.Outcome] = []
        for _ in 1..<2_000 { last = talk.say("on and on") }
        #expect(Self.ended(last)?.ending?.reason == .full)
        #expect(talk.desk.draft == nil)
    }

    @Test func `other commands are told, and who has a wake phrase is heard only after it`() throws {
        let text =
            "[lamp]\nphrase = lamp on\n[note]\nphrase = new note\ndraft = begins\n[stop]\nphrase = stop it\ndraft = ends"
        var talk = try Talk(text)
        #expect(Self.words(talk.say("lamp on")) == ["matched lamp"])
        let book = try CommandBook(text).answering(to: Phrase("hey rupert"))
        var desk = DraftDesk(session: .default, source: SourceID("desk"))
        func say(_ words: String) -> [String] {
            Self.words(
                desk.take(
                    Talk.transcript(words, at: .zero), of: .random(), at: WallTime(milliseconds: 0),
                    by: CommandMatcher(book)))
        }
        #expect(say("the lamp on my desk, new note").isEmpty)
        #expect(say("hey rupert lamp on") == ["matched lamp"])
        #expect(say("hey rupert new note").first == "matched note")
        #expect(say("stop it").first == "matched stop")
    }
}
