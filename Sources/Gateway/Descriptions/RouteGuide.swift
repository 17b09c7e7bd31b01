import JSON
import Sound
import Wire

/// What a route does, for those who read its description; method, path, scopes and fields come from what answers.
struct RouteGuide: Sendable {
    /// A body that is sent.
    enum Body: Sendable {
        case none
        /// - Parameter isOptional: Whether the request may have none.
        case message(MessageShape?, isOptional: Bool)
        case other(mediaType: String, JSONValue)

        static func json(_ shape: MessageShape?) -> Body { .message(shape, isOptional: false) }
    }

    /// One sentence.
    let summary: String
    var query: [String: JSONValue] = [:]
    var body = Body.none
    /// Of an answer that is no error.
    var status = 200
    /// What such an answer may be.
    var mediaTypes = ["application/json"]
    /// The schema among the components that such an answer in JSON has; nil for any object.
    var answer: String?
}

extension RouteGuide {
    private static let number: JSONValue = .object(["type": "integer", "minimum": 0])
    private static let page: [String: JSONValue] = [
        "limit": .object(["type": "integer", "minimum": 1, "maximum": 1000]), "before": number, "after": number,
        "q": JSONSchema.text, "session": JSONSchema.text, "since": JSONSchema.text,
    ]
    private static let anySound = [
        "audio/mpeg", "audio/ogg", "audio/flac", "audio/wav", "audio/pcm", "text/event-stream",
    ]
    private static let notes = page.merging(["source": JSONSchema.text]) { $1 }

    /// By method and path.
    static let all: [String: RouteGuide] = [
        "GET /health": RouteGuide(summary: "Tells that the server lives"),
        "GET /status": RouteGuide(summary: "Tells how the server is, and what its limits are"),
        "GET /metrics": RouteGuide(summary: "Tells what the server does, for Prometheus", mediaTypes: ["text/plain"]),
        "GET /openapi.json": RouteGuide(summary: "Describes the requests"),
        "GET /asyncapi.json": RouteGuide(summary: "Describes the WebSocket and its messages"),
        "POST /v1/speak": RouteGuide(
            summary: "Speaks a text", query: ["wait": JSONSchema.word(["none", "started", "finished"])],
            body: .json(.speak), status: 202, answer: "Job"),
        "POST /v1/abort": RouteGuide(
            summary: "Ends jobs early", body: .message(.abort, isOptional: true), answer: "Aborted"),
        "GET /v1/jobs": RouteGuide(
            summary: "Lists jobs: living ones and the last that ended, or with a query those of the journal",
            query: page.merging([
                "status": JSONSchema.text, "format": JSONSchema.word(["json", "jsonl"]),
            ]) { $1 }, mediaTypes: ["application/json", "application/x-ndjson"]),
        "GET /v1/jobs/{id}": RouteGuide(summary: "Shows one job with its text and timeline", answer: "Job"),
        "DELETE /v1/jobs/{id}": RouteGuide(summary: "Aborts a job", answer: "Job"),
        "GET /v1/voices": RouteGuide(summary: "Lists the voices of all engines", answer: "Voices"),
        "GET /v1/engines": RouteGuide(summary: "Lists the engines, with state and memory", answer: "Engines"),
        "GET /v1/listeners": RouteGuide(summary: "Lists the places where audio is heard"),
        "GET /v1/sources": RouteGuide(summary: "Lists where audio comes in"),
        "POST /v1/sources/{id}/pause": RouteGuide(summary: "Lets a source pause; whoever sends it is told"),
        "POST /v1/sources/{id}/resume": RouteGuide(summary: "Lets a source go on"),
        "DELETE /v1/sources/{id}": RouteGuide(summary: "Ends a source; what was said is still read"),
        "GET /v1/drafts": RouteGuide(summary: "Lists drafts, the newest first", query: notes),
        "GET /v1/drafts/{id}": RouteGuide(
            summary: "Shows a draft", query: ["format": JSONSchema.word(["json", "txt", "srt", "vtt"])],
            mediaTypes: ["application/json", "text/plain", "application/x-subrip", "text/vtt"]),
        "GET /v1/drafts/{id}/audio": RouteGuide(summary: "Gives the recording of a draft", mediaTypes: ["audio/wav"]),
        "DELETE /v1/drafts/{id}": RouteGuide(summary: "Takes a draft back, with its text and recording"),
        "GET /v1/transcripts": RouteGuide(
            summary: "Lists everything that was said, the newest first, or gives it as one file",
            query: notes.merging([
                "group": JSONSchema.text, "format": JSONSchema.word(["json", "txt", "srt", "vtt"]),
            ]) { $1 }, mediaTypes: ["application/json", "text/plain", "application/x-subrip", "text/vtt"]),
        "DELETE /v1/transcripts": RouteGuide(
            summary: "Forgets what was said in a session", query: ["session": JSONSchema.text]),
        "POST /v1/audio/speech": RouteGuide(
            summary: "Gives the sound of a text, as OpenAI's", body: .other(mediaType: "application/json", speech),
            mediaTypes: anySound),
        "POST /v1/audio/transcriptions": RouteGuide(
            summary: "Gives the text of a recording, as OpenAI's",
            body: .other(mediaType: "multipart/form-data", recording),
            mediaTypes: ["application/json", "text/plain", "text/event-stream"]),
        "POST /v1/audio/translations": RouteGuide(
            summary: "Gives in English what was said in a recording, as OpenAI's",
            body: .other(mediaType: "multipart/form-data", recording),
            mediaTypes: ["application/json", "text/plain", "text/event-stream"]),
        "POST /v1/vad": RouteGuide(
            summary: "Tells where somebody speaks in a recording",
            body: .other(mediaType: "multipart/form-data", detection)),
        "POST /v1/filter": RouteGuide(
            summary: "Tells whether a text is likely to be made up by a recogniser", body: .json(.filter)),
        "GET /v1/audio/voices": RouteGuide(summary: "Lists the voices, as servers with OpenAI's interface do"),
        "GET /v1/models": RouteGuide(summary: "Lists the models, as OpenAI's"),
        "GET /v1/models/{id}": RouteGuide(summary: "Shows a model, as OpenAI's"),
        "POST /v1/models/pull": RouteGuide(
            summary: "Fetches and installs a neural voice of the built-in list; events tell how it goes",
            body: .json(.modelPull), status: 202),
        "GET /v1/sessions": RouteGuide(summary: "Lists sessions"),
        "POST /v1/sessions": RouteGuide(
            summary: "Starts a session", body: .message(.session, isOptional: true), status: 201, answer: "Session"),
        "GET /v1/sessions/{id}": RouteGuide(summary: "Shows a session", answer: "Session"),
        "PATCH /v1/sessions/{id}": RouteGuide(
            summary: "Changes a session's name or voice", body: .json(.sessionChange), answer: "Session"),
        "DELETE /v1/sessions/{id}": RouteGuide(summary: "Ends a session"),
        "GET /v1/queue": RouteGuide(summary: "Tells how the queue stands", answer: "Queue"),
        "PUT /v1/queue": RouteGuide(
            summary: "Changes whose turn is next, or holds jobs back", body: .json(.queue), answer: "Queue"),
        "GET /v1/events": RouteGuide(
            summary: "Streams events as they happen",
            query: ["events": JSONSchema.text, "sessions": JSONSchema.text, "last_seq": number],
            mediaTypes: ["text/event-stream"]),
        "GET /v1/tokens": RouteGuide(summary: "Lists tokens, without their secrets"),
        "POST /v1/tokens": RouteGuide(
            summary: "Makes a token; its secret is shown once", body: .json(TokenWish.shape), status: 201),
        "POST /v1/tokens/{id}/renew": RouteGuide(summary: "Replaces the secret of a token"),
        "DELETE /v1/tokens/{id}": RouteGuide(summary: "Revokes a token"),
        "POST /v1/stop": RouteGuide(summary: "Ends the server in good order", status: 202),
    ]

    /// OpenAI's own; other members are passed over.
    private static let speech: JSONValue = .object([
        "type": "object", "required": .array(["input", "voice"]),
        "properties": .object([
            "model": JSONSchema.text, "input": .object(["type": "string", "minLength": 1]),
            "voice": .object([
                "oneOf": .array([
                    JSONSchema.text,
                    .object(["type": "object", "properties": .object(["id": JSONSchema.text]), "required": ["id"]]),
                ])
            ]),
            "response_format": JSONSchema.word(SoundFileFormat.allCases.map(\.rawValue)),
            "speed": .object(["type": "number", "minimum": .double(0.25), "maximum": 4]),
            "stream_format": JSONSchema.word(SpeechRequest.StreamFormat.allCases.map(\.rawValue)),
        ]),
    ])

    private static let detection: JSONValue = .object([
        "type": "object", "required": ["file"],
        "properties": .object(["file": .object(["type": "string", "contentMediaType": "application/octet-stream"])]),
    ])

    private static let recording: JSONValue = .object([
        "type": "object", "required": .array(["file", "model"]),
        "properties": .object([
            "file": .object(["type": "string", "contentMediaType": "application/octet-stream"]),
            "model": JSONSchema.text, "language": JSONSchema.text,
            "response_format": JSONSchema.word(TranscriptionForm.Format.allCases.map(\.rawValue)),
            "timestamp_granularities[]": .object([
                "type": "array", "items": JSONSchema.word(["segment", "word"]),
            ]),
            "stream": JSONSchema.flag,
        ]),
    ])
}
