import JSON
import Net
import Speaking
import VoiceCore
import Wire

/// The queue of the Chatterbox TTS server on a WebSocket at `/`, and that server's HTTP interface.
struct TTSDoor: ForeignDoor {
    let parts: GatewayParts
    let rule: VisitorRule
    let queue: TTSQueue

    var routes: [Route] {
        [
            .guarded("POST", "/tts", anyOf: .speak, in: .fastAPI, speak),
            .guarded("POST", "/v1/audio/speech", anyOf: .speak, in: .fastAPI, speakAsOpenAI),
            .waiting("GET", "/v1/audio/voices", anyOf: nil, in: .fastAPI) { _ in
                .object([
                    "status": "ok", "voices": .array(await voices().map { .string(ChatterboxVoices.file(of: $0)) }),
                ])
            },
            .waiting("GET", "/get_predefined_voices", anyOf: nil, in: .fastAPI) { _ in
                .value(.array(await voices().map { ChatterboxVoices.json(of: $0) }))
            },
            .guarded("GET", "/get_reference_files", anyOf: nil, in: .fastAPI) { _ in .now(.value(.array([]))) },
            .waiting("GET", "/api/model-info", anyOf: nil, in: .fastAPI) { _ in .value(await modelInfo()) },
            .waiting("GET", "/api/ui/initial-data", anyOf: nil, in: .fastAPI, initialData),
        ] + ["/upload_reference", "/upload_predefined_voice"].map { refusing($0, "voices are not made of recordings") }
            + ["/save_settings", "/reset_settings", "/restart_server", "/api/unload"].map {
                refusing($0, "the server is not configured")
            }
    }

    func socket(for request: HTTPRequest) -> DoorSocket? {
        guard request.path == "/" else { return nil }
        return DoorSocket(scopes: .speak) { socket, grant in
            await TTSConnection(socket, grant, rule: rule, parts: parts, queue: queue).serve()
        }
    }

    func fallback(for request: HTTPRequest, isNative: Bool) -> HTTPResponse? {
        guard request.path == "/", request.method == "GET" else { return nil }
        return .text("TTS queue - WebSocket at this path, or POST to /tts\n")
    }

    // MARK: Speaking

    private func speak(_ call: Call) throws(ErrorReply) -> HTTPReply {
        let wanted = try ChatterboxRequest(call.request.body)
        var request = SpeakRequest(text: wanted.text, session: call.grant.session ?? rule.alias.name.session)
        request.speed = wanted.speed
        request.language = wanted.language
        let body = SpeechBody(format: wanted.format, isWhole: !wanted.isStreamed)
        return .openLater { [request] opener in
            // A language without a voice is spoken by the usual one: such clients send `en` for everything.
            let usual = await parts.engines.voice(speaking: wanted.language, preferring: nil)
            let voice = wanted.voice ?? usual ?? parts.engines.defaultVoice
            return try await CallerReply(parts: parts, dialect: .fastAPI)
                .answer(request, voice: voice, body, opener)
        }
    }

    private func speakAsOpenAI(_ call: Call) throws(ErrorReply) -> HTTPReply {
        let wanted = try call.read { bytes throws(WireError) in try SpeechRequest(bytes, usualFormat: "wav") }
        guard !wanted.input.allSatisfy(\.isWhitespace) else {
            throw ErrorReply(.emptyText, "there is nothing to say in this text", field: "input")
        }
        guard wanted.input.utf8.count <= SpeechRequest.byteLimit else {
            throw ErrorReply(.textTooLong, "the text has \(wanted.input.utf8.count) bytes", field: "input")
        }
        var request = SpeakRequest(text: wanted.input, session: call.grant.session ?? rule.alias.name.session)
        request.speed = wanted.speed
        let body = SpeechBody(format: try SpeechBody.format(wanted.responseFormat), isWhole: true)
        return CallerReply(parts: parts, dialect: .fastAPI)
            .reply(to: request, voice: ChatterboxVoices.name(of: wanted.voice), as: body)
    }

    // MARK: Telling

    private func voices() async -> [Voice] { await parts.engines.voices() }

    private func modelInfo() async -> JSONValue {
        .object([
            "loaded": true, "type": "hearsay", "class_name": "Hearsay", "device": "cpu",
            "model_name": .string("Hearsay \(parts.server.version)"),
            "engines": .array(await parts.engines.states().map(\.json)),
        ])
    }

    private func initialData(_ call: Call) async -> HTTPResponse {
        .object([
            "config": .object([:]), "reference_files": .array([]), "presets": .array([]),
            "predefined_voices": .array(await voices().map { ChatterboxVoices.json(of: $0) }),
            "initial_gen_result": .null, "model_info": await modelInfo(),
        ])
    }

    private func refusing(_ path: String, _ reason: String) -> Route {
        .guarded("POST", path, anyOf: nil, in: .fastAPI) { _ in
            .now(.value(.object(["detail": .string("\(reason) here")]), status: 501))
        }
    }
}

extension HTTPResponse {
    /// An error in the shape of servers made with FastAPI, as Chatterbox's and Palaver's are: `{"detail":…}`; the stable code comes with it.
    static func fastAPI(_ error: ErrorReply) -> HTTPResponse {
        var response = HTTPResponse(error)
        response.body = JSONText.bytes(
            JSONValue.object(["detail": .string(error.message), "code": .string(error.code.rawValue)]))
        return response
    }
}
