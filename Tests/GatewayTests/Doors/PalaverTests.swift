import Flow
import JSON
import Net
import Testing
import VoiceCore
import Wire

@testable import Gateway

@Suite struct PalaverTests {
    private static let stream = PalaverStream(
        source: "ase://desk", startTime: 1_000, sampleRate: 16_000, channelCount: 2, blockSize: 480, dataType: "int16")

    private static func json(_ text: String) throws -> JSONValue { try JSONText.value(of: Array(text.utf8)) }

    // MARK: Subscriptions

    @Test(
        arguments: [
            ("text", PalaverDialect.design, [PalaverKind.text]), ("command_event", .design, [.command]),
            ("<class 'palaver.scribe.draft_events.DraftRescanEvent'>", .classes, [.draftRescan]),
            ("AudioErrorEvent", .classes, [.audioError]), ("draft_end", .design, [.draftEnd]),
        ] as [(String, PalaverDialect, Set<PalaverKind>)])
    func `a name decides the dialect of its events`(
        _ name: String, _ dialect: PalaverDialect, _ kinds: Set<PalaverKind>
    ) throws {
        for form in [PalaverDialect.design, .classes] {
            let interest = try #require(PalaverInterest(name, in: form))
            #expect(interest.dialect == dialect && interest.kinds == kinds)
        }
    }

    @Test func `all is what the version's own server sends`() throws {
        let design = try #require(PalaverInterest("all", in: .design)).kinds
        #expect(design.contains(.command) && !design.contains(.audioChunk) && !design.contains(.draftEnd))
        let later = try #require(PalaverInterest("all", in: .classes)).kinds
        #expect(later.contains(.audioChunk) && later.contains(.draftEnd) && !later.contains(.command))
        #expect(PalaverInterest("all_but_chunks", in: .classes)?.kinds == later.subtracting([.audioChunk]))
        #expect(PalaverInterest("weather", in: .design) == nil && PalaverInterest("", in: .classes) == nil)
    }

    @Test func `a fact has the same UUID for everybody, another fact another one`() {
        let event = Event(.sessionStarted, at: WallTime(milliseconds: 7), session: .default)
        let id = PalaverEventID(event, sequence: 1).text
        #expect(id == PalaverEventID(event, sequence: 1).text && id != PalaverEventID(event, sequence: 2).text)
        #expect(id.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        // RFC 9562, sections 4.1 and 4.2.
        #expect(Array(id)[14] == "8" && "89ab".contains(Array(id)[19]))
        #expect(Array(PalaverEventID.random().text)[14] == "4")
    }

    // MARK: Audio

    @Test func `a binary frame is samples of its stream`() throws {
        let chunk = try PalaverAudioMessage.chunk([0, 0x40, 0, 0xC0, 0, 0, 0, 0x20], of: Self.stream)
        #expect(chunk.sampleCount == 2 && chunk.channelCount == 2)
        let rows = PalaverSamples.rows(of: chunk.floats, channelCount: 2)
        #expect(rows == .array([.array([.double(0.5), .double(-0.5)]), .array([.double(0), .double(0.25)])]))
        for bytes in [[], [1], [1, 2], [UInt8](repeating: 0, count: 4 * 16_000 * 11)] as [[UInt8]] {
            #expect(throws: WireError.self) { try PalaverAudioMessage.chunk(bytes, of: Self.stream) }
        }
    }

    @Test func `a chunk has the type that it names, else that of its stream`() throws {
        func floats(_ more: String) throws -> [UInt8] {
            let text = #"{"type":"audio_chunk","source_id":"a","data":"AEAAwA=="\#(more)}"#
            let message = try PalaverAudioMessage(Array(text.utf8), now: 0) { $0 == "a" ? Self.stream : nil }
            guard case .chunk("a", let chunk) = message else { return [] }
            #expect(chunk.floats.count == 4 * chunk.sampleCount * chunk.channelCount)
            return chunk.floats
        }
        // 0.5 and -0.5 as two channels of 16 bits, or one value of 32.
        #expect(try floats("") == [0, 0, 0, 0x3F, 0, 0, 0, 0xBF])
        #expect(try floats(#","dtype":null,"datatype":["int16","int16"]"#) == floats(""))
        #expect(try floats(#","dtype":"<f4","datatype":"int16","channels":[1,1]"#) == [0, 0x40, 0, 0xC0])
        #expect(throws: WireError.outOfRange(field: "dtype", allowed: PalaverSamples.typeNames)) {
            try floats(#","dtype":"complex""#)
        }
    }

    @Test(arguments: ["1e18", "7999", "-16000", "0"])
    func `a rate that no device has refuses its chunk`(_ rate: String) {
        let text = #"{"type":"audio_chunk","source_id":"a","data":"AAAAAA==","sample_rate":\#(rate)}"#
        #expect(throws: PalaverFields.badRate("sample_rate")) {
            try PalaverAudioMessage(Array(text.utf8), now: 0) { _ in nil }
        }
    }

    @Test(
        arguments: [
            (#""datatype":"complex""#, WireError.outOfRange(field: "datatype", allowed: PalaverSamples.typeNames)),
            (#""channels":"two""#, .wrongType(field: "channels", wanted: "a whole number")),
            (#""stream_start_time":"x""#, .wrongType(field: "stream_start_time", wanted: "a number")),
            (#""record":"yes""#, .wrongType(field: "record", wanted: "true or false")),
        ])
    func `a member that cannot be used refuses its stream`(_ member: String, _ error: WireError) {
        let text = #"{"type":"audio_start","source_id":"a","sample_rate":16000,\#(member)}"#
        #expect(throws: error) { try PalaverAudioMessage(Array(text.utf8), now: 0) { _ in nil } }
    }

    @Test func `a member that is missing or null has its usual value`() throws {
        let text = #"{"type":"audio_start","source_id":"a","sample_rate":44100.0,"channels":null,"record":null}"#
        guard case .start(let stream) = try PalaverAudioMessage(Array(text.utf8), now: 7, stream: { _ in nil }) else {
            Issue.record("no start")
            return
        }
        #expect(stream.sampleRate == 44_100 && stream.channelCount == 1 && stream.dataType == "float32")
        #expect(stream.startTime == 7 && stream.records == nil)
    }

    @Test func `how speech is found is told as it holds`() throws {
        func members(_ text: String) throws -> JSONObject {
            try PalaverDetection(#require(Self.json(text).members)).members
        }
        #expect(try members("{}")["silence_period_ms"] == .integer(500))
        let own = try members(#"{"vad_threshold":0.7,"silence_period_ms":800.0,"speech_pad_ms":null}"#)
        #expect(own["vad_threshold"] == .double(0.7) && own["silence_period_ms"] == .integer(800))
        // What cannot be kept is told as it is.
        #expect(try members(#"{"silence_period_ms":60000}"#)["silence_period_ms"] == .integer(5_000))
    }

    // MARK: Drafts

    @Test func `a better reading lies where the first one was said`() throws {
        let text = """
            {"start_text":"take this down","end_text":"break","full_text":"buy milk","timestamp":2000.5,"draft_id":"b",
             "parent_draft_id":"a","audio_start_time":1001.5,"audio_end_time":1004.25}
            """
        let new = try PalaverNewDraft(Self.json(text), now: .now())
        var original = Draft(
            id: DraftID("a"), session: .default, source: SourceID("s"), startedAt: .now(), start: .seconds(9),
            startText: "x")
        original.ending = Draft.Ending(.command, at: .now(), position: .seconds(11))
        let draft = new.draft(in: .default, after: original, of: Self.stream)
        #expect(draft.start == .milliseconds(1_500) && draft.ending?.position == .milliseconds(4_250))
        #expect(draft.source == original.source && draft.parent == original.id && draft.ending?.reason == .made)
        let told = PalaverDraft(draft, of: Self.stream).json
        #expect(told == (try Self.json(text)))
        // Without the stream it lies where the original does.
        let elsewhere = new.draft(in: .default, after: original, of: nil)
        #expect(elsewhere.start == .seconds(9) && elsewhere.ending?.position == .seconds(11))
    }

    @Test(arguments: ["draft_id", "parent_draft_id"], ["", ".", "..", "%2e%2E", "a b"])
    func `a draft that is handed in has an id that can stand in a path`(field: String, id: String) throws {
        let message = try Self.json(#"{"start_text":"x","\#(field)":"\#(id)"}"#)
        #expect(throws: WireError.outOfRange(field: field, allowed: DraftID.allowed)) {
            try PalaverNewDraft(message, now: .now())
        }
    }

    @Test(
        arguments: [
            ("2026-11-21T00:58:03Z", 1_795_222_683_000), ("2026-11-21T00:58:03", 1_795_222_683_000),
            ("2026-11-21T02:58:03+02:00", 1_795_222_683_000), ("2026-11-21T02:58:03 02:00", 1_795_222_683_000),
            ("2026-11-20T19:58:03-05:00", 1_795_222_683_000), ("1795222683.25", 1_795_222_683_250), ("-1", -1_000),
            ("soon", nil), ("", nil), ("nan", nil), ("1e99", nil), ("2026-11-21T02:58:03+2", nil),
            ("2026-11-21T02:58:03+99:00", nil),
        ] as [(String, Int64?)])
    func `a time is seconds or ISO 8601`(_ text: String, _ milliseconds: Int64?) {
        #expect(WallTime(palaver: text)?.milliseconds == milliseconds)
    }

    // MARK: Pages

    @Test func `text in a page is text`() throws {
        let said = UtteranceTranscript(
            transcript: Transcript(text: #"<img src=x onerror="alert('&')">"#), start: .zero, end: .zero, engine: "",
            latency: .zero)
        let html = try #require(PalaverHTML.item(Event(.transcriptFinal(said), at: WallTime(milliseconds: 0))))
        #expect(html.contains("&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;") && !html.contains("<img"))
        #expect(html.contains("data-event-type=\"text\"") && html.contains("00:00:00"))
        #expect(PalaverHTML.item(Event(.serverStopping)) == nil)
    }
}
