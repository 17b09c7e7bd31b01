import Testing
import Wyoming
import JSON

@Suite struct WyomingEventTests {
    private static let artifact = Artifact(
        name: "slt", about: "A voice", attribution: Attribution(name: "CMU", url: "http://x.example"), version: "1")

    private static let heard = HearingProgram(
        artifact: artifact, models: [HearingModel(artifact: artifact, languages: ["en-US"])], readings: ["second"])

    private static let orders: TranscribeRequest = {
        var request = TranscribeRequest(model: "en-us", language: "en")
        (request.reading, request.grammar, request.wantsPartials) = (.orders, "#JSGF V1.0;", true)
        (request.adaptation, request.isSpare) = ([1, 2.5], true)
        return request
    }()

    @Test(arguments: [
        WyomingEvent.describe,
        .info(
            Info(speech: [
                SpeechProgram(
                    artifact: artifact,
                    voices: [
                        EngineVoice(artifact: artifact, languages: ["en-US"], gender: "female", sampleRate: 16_000)
                    ]
                )
            ])),
        .synthesize(SynthesizeRequest(text: "Hello", voice: "slt", language: "en", speed: 1.5)),
        .synthesize(
            SynthesizeRequest(
                text: "gif", pitch: 0.5, phonemes: [SpokenPhonemes(characterIndex: 0, characterCount: 3, ipa: "dʒɪf")])),
        .audioStart(
            AudioStart(
                shape: AudioShape(rate: 16_000),
                words: [SpokenWord(characterIndex: 0, characterCount: 5, startMilliseconds: 10, endMilliseconds: 300)])),
        .audioChunk(AudioPiece(shape: AudioShape(rate: 8000, width: 2, channels: 2), pcm: [1, 2, 3, 4])),
        .info(Info(hearing: [heard])), .transcribe(TranscribeRequest()), .transcribe(orders),
        .partialTranscript(HeardText(text: "go for")), .transcriptChunk(text: " on"), .transcript(HeardText(text: "")),
        .transcript(
            HeardText(
                text: "go", language: "en-US",
                words: [HeardWord(text: "go", startMilliseconds: 0, endMilliseconds: 90, confidence: 0.5)],
                confidence: 0.5, adaptation: [40, -3.5])),
        .audioStop, .ping(text: nil), .ping(text: "a"), .pong(Pong(text: "a", isBusy: true)), .pong(Pong(text: nil)),
        .error(text: "no", code: "unknown_voice"), .other(RawEvent(type: "user-event", data: ["a": .null])),
    ])
    func `an event is the same after writing and reading`(event: WyomingEvent) throws {
        var decoder = EventDecoder()
        decoder.append(try event.raw.encoded())
        #expect(try decoder.next().map { raw throws(EventError) in try WyomingEvent(raw) } == event)
    }

    @Test func `unknown keys and types are let through`() throws {
        let raw = RawEvent(type: "synthesize", data: ["text": .string("a"), "context": .object([:])])
        #expect(try WyomingEvent(raw) == .synthesize(SynthesizeRequest(text: "a")))
        #expect(try WyomingEvent(RawEvent(type: "brand-new")) == .other(RawEvent(type: "brand-new")))
    }

    @Test(arguments: [
        RawEvent(type: "synthesize"), RawEvent(type: "synthesize", data: ["text": .integer(1)]),
        RawEvent(type: "audio-start"), RawEvent(type: "transcript"),
        RawEvent(type: "transcribe", data: ["reading": .string("backwards")]),
        RawEvent(type: "audio-start", data: ["rate": .integer(0), "width": .integer(2), "channels": .integer(1)]),
        RawEvent(type: "audio-start", data: ["rate": .integer(8000), "width": .integer(9), "channels": .integer(1)]),
        RawEvent(
            type: "audio-chunk", data: ["rate": .integer(8000), "width": .integer(2), "channels": .integer(1)],
            payload: [1, 2, 3]),
    ])
    func `an event that lacks what it must have is refused`(raw: RawEvent) {
        #expect(throws: EventError.invalidData) { try WyomingEvent(raw) }
    }

    @Test func `word times that make no sense are left out`() throws {
        let words: [JSONValue] = [
            .object([
                "char_index": .integer(-1), "char_length": .integer(1), "start_ms": .integer(0), "end_ms": .integer(1),
            ]),
            .object([
                "char_index": .integer(0), "char_length": .integer(1), "start_ms": .integer(5), "end_ms": .integer(1),
            ]),
            .object([
                "char_index": .integer(0), "char_length": .integer(1), "start_ms": .integer(5), "end_ms": .integer(9),
            ]),
            .null,
        ]
        let start = try AudioStart.read(words: words)
        #expect(start?.words.map(\.startMilliseconds) == [5])
    }

    @Test(arguments: [
        ("unix:/run/a", EngineAddress.unix(path: "/run/a")), ("unix:///run/a", .unix(path: "/run/a")),
        ("tcp://box:10200", .tcp(host: "box", port: 10_200)), ("tcp://[::1]:10200", .tcp(host: "::1", port: 10_200)),
    ])
    func `an address is read`(text: String, address: EngineAddress) {
        #expect(EngineAddress(text) == address)
        #expect(EngineAddress(address.description) == address)
    }

    @Test(arguments: ["", "unix:", "tcp://", "tcp://box", "tcp://box:0", "tcp://box:99999", "http://box:1", "tcp://:1"])
    func `what is no address is refused`(text: String) {
        #expect(EngineAddress(text) == nil)
    }
}

extension AudioStart {
    fileprivate static func read(words: [JSONValue]) throws(EventError) -> AudioStart? {
        let shape: JSONObject = ["rate": .integer(8000), "width": .integer(2), "channels": .integer(1)]
        let data = shape.merging(["words": .array(words)]) { $1 }
        guard case .audioStart(let start) = try WyomingEvent(RawEvent(type: "audio-start", data: data)) else {
            return nil
        }
        return start
    }
}
