import Flow
import JSON
import Net
import Sound
import Speaking
import VoiceCore
import Wire

/// Speech for programs that know OpenAI's interface: bytes to the caller, heard nowhere else.
struct OpenAIEndpoints: Sendable {
    let parts: GatewayParts
    private let speech: CallerSpeech

    init(parts: GatewayParts) {
        self.parts = parts
        speech = CallerSpeech(engines: parts.engines, pronunciations: parts.dispatcher.pronunciations)
    }

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
        let session = call.ownSession
        return .openLater { opener in
            var request = SpeakRequest(text: wanted.input, session: session)
            request.speed = wanted.speed
            return try await answer(request, voice: wanted.voice, body, opener)
        }
    }

    /// - Returns: Nil once the sound was sent.
    private func answer(
        _ request: SpeakRequest, voice: String, _ body: SpeechBody, _ opener: BodyOpener
    ) async throws -> HTTPResponse? {
        let voice = await parts.voice(named: voice)
        guard let synthesizer = await parts.engines.synthesizer(for: voice) else {
            return .openAI(ErrorReply(.unknownVoice, "no engine has a voice", field: "voice"))
        }
        do {
            return try await speech.speak(request, voice: voice, by: synthesizer) { sound in
                let format: AudioFormat?
                do {
                    format = try await sound.format()
                } catch let error as SynthesisError {
                    return .openAI(ErrorReply(.engineFailed, "\(error)"))
                }
                try await body.send(sound, from: format, by: opener)
                return HTTPResponse?.none
            }
        } catch CallerSpeechError.tooManyCallers(let limit) {
            return .openAI(ErrorReply(.tooManyRequests, "\(limit) callers wait for speech already"))
        }
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
        ["tts-1", "tts-1-hd", "gpt-4o-mini-tts"] + (await parts.engines.states().map(\.engine))
    }

    private func entry(_ name: String) -> JSONValue {
        .object([
            "id": .string(name), "object": "model", "owned_by": "hearsay",
            "created": .integer(Int(parts.server.startedAt.milliseconds / 1_000)),
        ])
    }
}
