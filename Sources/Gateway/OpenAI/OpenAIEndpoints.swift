import Flow
import Hearing
import JSON
import Net
import Speaking
import VoiceCore
import Wire

/// Speech for programs that know OpenAI's interface: bytes to the caller, heard nowhere else.
struct OpenAIEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [
            .guarded("POST", "/v1/audio/speech", anyOf: .speak, in: .openAI, speak),
            .waiting("GET", "/v1/audio/voices", anyOf: nil, in: .openAI, voices),
            .waiting("GET", "/v1/models", anyOf: nil, in: .openAI, models),
            .waiting("GET", "/v1/models/{id}", anyOf: nil, in: .openAI, model),
        ]
    }

    private func speak(_ call: Call) throws(ErrorReply) -> HTTPReply {
        let wanted = try call.read { bytes throws(WireError) in try SpeechRequest(bytes) }
        let format = try SpeechBody.format(wanted.responseFormat)
        guard wanted.input.utf8.count <= SpeechRequest.byteLimit else {
            throw ErrorReply(.textTooLong, "the text has \(wanted.input.utf8.count) bytes", field: "input")
        }
        guard !wanted.input.allSatisfy(\.isWhitespace) else {
            throw ErrorReply(.emptyText, "there is nothing to say in this text", field: "input")
        }
        let body = SpeechBody(
            format: format, isEventStream: wanted.streamFormat == .sse,
            wordCount: wanted.input.split(whereSeparator: \.isWhitespace).count)
        var request = SpeakRequest(text: wanted.input, session: call.ownSession)
        request.speed = wanted.speed
        return CallerReply(parts: parts, dialect: .openAI).reply(to: request, voice: wanted.voice, as: body)
    }

    private func voices(_ call: Call) async -> HTTPResponse {
        let voices = await parts.engines.voices()
        return .object([
            "voices": .array(
                voices.map {
                    .object(["id": .string($0.id), "name": .string($0.name), "language": .string($0.language)])
                })
        ])
    }

    private func models(_ call: Call) async -> HTTPResponse {
        .object(["object": "list", "data": .array(await names().map(entry))])
    }

    private func model(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        guard await names().contains(call.parameters[0]) else {
            throw ErrorReply(.notFound, "there is no model \(call.parameters[0])", field: "model")
        }
        return .value(entry(call.parameters[0]))
    }

    /// The engines, behind the names that OpenAI's clients send unasked.
    private func names() async -> [String] {
        let recognisers = parts.desk?.engines ?? []
        return ["tts-1", "tts-1-hd", "gpt-4o-mini-tts"] + (recognisers.isEmpty ? [] : Self.hearingModels)
            + (await parts.engines.states().map(\.engine)) + recognisers
    }

    private static let hearingModels = ["whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"]

    private func entry(_ name: String) -> JSONValue {
        .object([
            "id": .string(name), "object": "model", "owned_by": "hearsay",
            "created": .integer(Int(parts.server.startedAt.milliseconds / 1_000)),
        ])
    }
}
