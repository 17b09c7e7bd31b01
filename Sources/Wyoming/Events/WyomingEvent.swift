import JSON

/// The events that a speech engine and its reader exchange, by type.
///
/// Types we do not know are `other` and are to be ignored; so are keys we do not know.
package enum WyomingEvent: Hashable, Sendable {
    /// Asks what the server offers; to be answered with `info` at once, also while models load.
    case describe
    case info(Info)
    case synthesize(SynthesizeRequest)
    case transcribe(TranscribeRequest)
    /// What is understood so far, as a whole; our own addition.
    case partialTranscript(HeardText)
    /// Text that follows what was sent before and stays as it is, from servers that send it while they hear.
    case transcriptChunk(text: String)
    case transcript(HeardText)
    case audioStart(AudioStart)
    case audioChunk(AudioPiece)
    case audioStop
    case ping(text: String?)
    /// Answers `ping`.
    case pong(Pong)
    case error(text: String, code: String?)
    case other(RawEvent)
}

/// The answer to `ping`.
package struct Pong: Hashable, Sendable {
    /// What the `ping` carried.
    package var text: String?
    /// Whether the worker is at work on another connection; our own addition, so nil from other servers.
    package var isBusy: Bool?

    package init(text: String?, isBusy: Bool? = nil) {
        self.text = text
        self.isBusy = isBusy
    }
}

extension WyomingEvent {
    /// Reads a raw event.
    ///
    /// - Throws: `invalidData` when an event of a known type lacks what it must have.
    package init(_ raw: RawEvent) throws(EventError) {
        switch raw.type {
        case "describe": self = .describe
        case "info": self = .info(Info(raw.data))
        case "synthesize": self = .synthesize(try SynthesizeRequest(raw.data))
        case "transcribe": self = .transcribe(try TranscribeRequest(raw.data))
        case "transcript-partial": self = .partialTranscript(try HeardText(raw.data))
        case "transcript-chunk": self = .transcriptChunk(text: raw.data["text"]?.text ?? "")
        case "transcript": self = .transcript(try HeardText(raw.data))
        case "audio-start": self = .audioStart(try AudioStart(raw.data))
        case "audio-chunk": self = .audioChunk(try AudioPiece(raw.data, payload: raw.payload))
        case "audio-stop": self = .audioStop
        case "ping": self = .ping(text: raw.data["text"]?.text)
        case "pong": self = .pong(Pong(text: raw.data["text"]?.text, isBusy: raw.data["busy"]?.flag))
        case "error": self = .error(text: raw.data["text"]?.text ?? "", code: raw.data["code"]?.text)
        default: self = .other(raw)
        }
    }

    /// The event as it is written.
    package var raw: RawEvent {
        switch self {
        case .describe: RawEvent(type: "describe")
        case .info(let info): RawEvent(type: "info", data: info.data)
        case .synthesize(let request): RawEvent(type: "synthesize", data: request.data)
        case .transcribe(let request): RawEvent(type: "transcribe", data: request.data)
        case .partialTranscript(let heard): RawEvent(type: "transcript-partial", data: heard.data)
        case .transcriptChunk(let text): RawEvent(type: "transcript-chunk", data: ["text": .string(text)])
        case .transcript(let heard): RawEvent(type: "transcript", data: heard.data)
        case .audioStart(let start): RawEvent(type: "audio-start", data: start.data)
        case .audioChunk(let piece): RawEvent(type: "audio-chunk", data: piece.shape.data, payload: piece.pcm)
        case .audioStop: RawEvent(type: "audio-stop")
        case .ping(let text): RawEvent(type: "ping", data: JSONObject(present: ["text": text.map(JSONValue.string)]))
        case .pong(let pong): RawEvent(type: "pong", data: pong.data)
        case .error(let text, let code):
            RawEvent(
                type: "error", data: JSONObject(present: ["text": .string(text), "code": code.map(JSONValue.string)]))
        case .other(let raw): raw
        }
    }
}

extension Pong {
    fileprivate var data: JSONObject {
        JSONObject(present: ["text": text.map(JSONValue.string), "busy": isBusy.map(JSONValue.bool)])
    }
}

extension JSONObject {
    /// Only the keys that have a value, since readers differ in what they make of null.
    init(present values: [String: JSONValue?]) {
        self = values.compactMapValues { $0 }
    }
}
