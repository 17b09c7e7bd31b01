import Flow
import Testing
import VoiceCore
import Wire
import JSON

@Suite struct SourceCommandTests {
    private static let open: [String] = [
        #"{"codec":"pcm_s16","sample_rate":16000}"#,
        #"{"codec":"pcm_s16","sample_rate":16000,"role":"relay"}"#,
        #"{"codec":"opus","sample_rate":48000,"channels":2,"source_id":"desk","session_id":"a","role":"ambient","group":"meeting","speaker":"Ann Lee","anew":true}"#,
        ##"{"codec":"pcm_f32","sample_rate":192000,"channels":32,"vad":{"threshold":0.3,"min_speech_ms":200,"silence_ms":800,"longest_ms":30000,"pad_ms":500},"stt":{"engine":"none","language":"en","partials":false,"revise":false,"patience_ms":3600000,"spare":true}}"##,
    ]

    @Test(arguments: open)
    func `a source is asked for in words that come back the same`(json: String) throws {
        let bytes = Array((#"{"type":"source.open","# + json.dropFirst()).utf8)
        let command = try Command(bytes)
        guard case .sourceOpen = command else {
            Issue.record("\(command)")
            return
        }
        #expect(try Command(command.json()) == command)
    }

    @Test(arguments: [
        (#"{"sample_rate":16000}"#, WireError.missingField("codec")),
        (#"{"codec":"mp3","sample_rate":16000}"#, .outOfRange(field: "codec", allowed: "pcm_s16, pcm_f32, opus")),
        (#"{"codec":"pcm_s16"}"#, .missingField("sample_rate")),
        (#"{"codec":"pcm_s16","sample_rate":7999}"#, .outOfRange(field: "sample_rate", allowed: "8000 to 192000")),
        (
            #"{"codec":"opus","sample_rate":44100}"#,
            .outOfRange(field: "sample_rate", allowed: "8000, 12000, 16000, 24000 or 48000 with opus")
        ),
        (#"{"codec":"opus","sample_rate":48000,"channels":33}"#, .outOfRange(field: "channels", allowed: "1 to 32")),
        (#"{"codec":"opus","sample_rate":48000,"vad":{"speed":1}}"#, .unknownField("vad.speed")),
        (
            #"{"codec":"opus","sample_rate":48000,"vad":{"min_speech_ms":2001}}"#,
            .outOfRange(field: "vad.min_speech_ms", allowed: "0.0 to 2000.0")
        ),
        (
            #"{"codec":"opus","sample_rate":48000,"vad":{"longest_ms":50001}}"#,
            .outOfRange(field: "vad.longest_ms", allowed: "0.0 to 50000.0")
        ),
        (#"{"codec":"opus","sample_rate":48000,"stt":"whisper"}"#, .wrongType(field: "stt", wanted: "an object")),
        (
            #"{"codec":"opus","sample_rate":48000,"stt":{"patience_ms":3600001}}"#,
            .outOfRange(field: "stt.patience_ms", allowed: "0.0 to 3600000.0")
        ),
        (
            #"{"codec":"opus","sample_rate":48000,"stt":{"wake":"hey [you]"}}"#,
            .outOfRange(field: "stt.wake", allowed: "words, without brackets")
        ),
        (#"{"codec":"opus","sample_rate":48000,"room":"den"}"#, .notSupported("room")),
    ])
    func `what is no source is refused with its field`(json: String, error: WireError) {
        #expect(throws: error) { try Command(Array((#"{"type":"source.open","# + json.dropFirst()).utf8)) }
    }

    @Test(arguments: ["pause", "resume", "flush", "close"])
    func `an order names its source`(order: String) throws {
        let command = try Command(Array(#"{"type":"source.\#(order)","source_id":"desk"}"#.utf8))
        #expect(command.name == "source.\(order)")
        #expect(try Command(command.json()) == command)
        #expect(throws: WireError.missingField("source_id")) {
            try Command(Array(#"{"type":"source.\#(order)"}"#.utf8))
        }
    }

    @Test func `what the server tells a source comes back the same`() throws {
        let source = SourceID("desk")
        let notices =
            [SourceNotice.received(source, sequence: .max)] + SourceNotice.Control.allCases.map { .control(source, $0) }
        let reasoned = SourceNotice.control(source, .stop, reason: "replaced")
        for notice in notices + [reasoned] { #expect(SourceNotice(try JSONText.value(of: notice.json)) == notice) }
        #expect(SourceNotice(.object(["type": "source.control", "source_id": "x", "state": "dance"])) == nil)
    }

    @Test func `a final text has all times from the source's first sample`() throws {
        let word = TranscriptWord(text: "hi", start: .milliseconds(300), end: .milliseconds(500), confidence: 0.87654)
        let said = UtteranceTranscript(
            transcript: Transcript(text: "hi", words: [word], language: "en-US"), start: .seconds(2),
            end: .seconds(3), engine: "pocketsphinx", latency: .milliseconds(640))
        let event = Event(
            .transcriptFinal(said), at: WallTime(milliseconds: 0), session: .default, source: SourceID("desk"),
            utterance: UtteranceID("utt_1"))
        #expect(
            String(decoding: WireEvent.json(event, sequence: 7), as: UTF8.self)
                == #"{"at":"1970-01-01T00:00:00.000Z","end_ms":3000,"engine":"pocketsphinx","language":"en-US","latency_ms":640,"seq":7,"session_id":"default","source_id":"desk","start_ms":2000,"text":"hi","type":"transcript.final","utterance_id":"utt_1","v":1,"words":[{"confidence":0.877,"end_ms":2500,"start_ms":2300,"text":"hi"}]}"#
        )
        let partial = Event(.transcriptPartial(PartialTranscript(tentative: "h")), utterance: UtteranceID("utt_1"))
        #expect(!partial.isFact && event.isFact)
    }

    @Test func `what was said in a group names its speaker`() {
        let line = GroupLine(
            group: GroupID("meeting"), speaker: "Ann", text: "hi", saidAt: WallTime(milliseconds: 1_500))
        let event = Event(
            .groupSaid(line), at: WallTime(milliseconds: 2_000), session: .default, source: SourceID("desk"),
            utterance: UtteranceID("utt_1"))
        #expect(
            String(decoding: WireEvent.json(event, sequence: 8), as: UTF8.self)
                == #"{"at":"1970-01-01T00:00:02.000Z","group":"meeting","said_at":"1970-01-01T00:00:01.500Z","seq":8,"session_id":"default","source_id":"desk","speaker":"Ann","text":"hi","type":"group.said","utterance_id":"utt_1","v":1}"#
        )
    }

    @Test func `a subscription may name sources`() throws {
        let filter = try EventFilter(names: ["speech.*"], sources: [SourceID("desk")])
        #expect(filter.matches(Event(.speechStopped(at: .zero), source: SourceID("desk"))))
        #expect(!filter.matches(Event(.speechStopped(at: .zero), source: SourceID("lamp"))))
        #expect(!filter.matches(Event(.speechStopped(at: .zero))))
        let command = Command.subscribe(SubscribeCommand(filter: filter))
        #expect(try Command(command.json()) == command)
    }
}
