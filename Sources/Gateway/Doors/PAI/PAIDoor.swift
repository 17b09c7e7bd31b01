import Flow
import JSON
import Net
import Sound
import Speaking
import VoiceCore
import Wire

/// The voice server of PAI and LifeOS: notifications that are spoken, answered when they were heard.
struct PAIDoor: ForeignDoor {
    let parts: GatewayParts
    let rule: VisitorRule
    let files: PAIShelf
    let counter: PAICounter
    let players: PAIPlayers
    /// Nil where no desktop shows notifications.
    let show: PAINotification.Display?

    var routes: [Route] {
        [
            notification("/notify", .notify), notification("/notify/emotional", .notify),
            notification("/notify/personality", .personality),
            notification("/pai", .assistant), notification("/voice", .assistant),
            .open("GET", "/health", health), .open("GET", "/voice/health", health),
            .guarded("GET", "/ws/status", anyOf: nil, in: .pai) { _ in
                .now(.pai(["clients": .integer(players.total), "connected": .bool(players.total > 0)]))
            },
            unknownHere("POST", "/voice/clone", "cloned"), unknownHere("POST", "/voice/design", "designed"),
            unknownHere("POST", "/voice/test", "designed"), unknownHere("DELETE", "/voices/{name}", "deleted"),
        ] + voiceRoutes
    }

    func socket(for request: HTTPRequest) -> DoorSocket? {
        guard request.path == "/ws" else { return nil }
        let format: SoundFileFormat = request.query["format"] == "wav" ? .wav : .mp3
        // Whole sentences of sound are large, and none of it is out of date.
        return DoorSocket(scopes: .listen, kind: .blob, takesTokenInQuery: true, needsToken: true) { socket, grant in
            await players.serve(socket, as: format, grant, session: rule.alias.name.session, parts)
        }
    }

    func fallback(for request: HTTPRequest, isNative: Bool) -> HTTPResponse? {
        if request.method == "OPTIONS" { return .paiOptions() }
        return isNative && request.path != "/" ? nil : .paiText()
    }

    // MARK: Speaking

    private func notification(_ path: String, _ form: PAINotification.Form) -> Route {
        .waiting("POST", path, anyOf: .speak, in: .pai) { call throws(ErrorReply) in
            if let wait = counter.pass(call.request.peer, at: parts.server.timeline.now) {
                throw .rateLimited(.peer, retryAfter: wait)
            }
            do throws(PAIRefusal) {
                return await answer(try PAINotification(call.request.body, as: form), form, by: call.grant)
            } catch {
                return .paiError(error.message, status: error.status)
            }
        }
    }

    private func answer(_ notification: PAINotification, _ form: PAINotification.Form, by grant: Grant) async
        -> HTTPResponse
    {
        let isShown = show?(notification.title, notification.message) ?? false
        let success: JSONObject = ["status": "success", "message": .string(form.success)]
        guard notification.isSpoken else { return .pai(success) }
        let speaking = PAISpeaking(parts: parts, settings: files.settings, session: rule.alias.name.session)
        switch await speaking.speak(notification, by: grant) {
        case .failed(let reason, let job):
            var more: JSONObject = ["notification_sent": .bool(isShown)]
            more["job_id"] = job.map { .string($0.rawValue) }
            return .paiError("TTS failed: \(reason)", status: 502, more)
        case .taken(let job, let depth):
            return .pai(
                success.merging(
                    [
                        "job_id": .string(job.id.rawValue), "job_status": .string(job.phase.rawValue),
                        "queue_depth": .integer(depth),
                    ]
                ) { own, _ in own })
        }
    }

    private func unknownHere(_ method: String, _ path: String, _ what: String) -> Route {
        .guarded(method, path, anyOf: nil, in: .pai) { _ in
            .now(.paiError("voices are not \(what) here; GET /voices lists those there are", status: 501))
        }
    }

    // MARK: Telling

    /// Whoever may not speak here learns only that the server lives.
    private func health(_ request: HTTPRequest) -> HTTPReply {
        guard let grant = rule.grant(for: request) else { return .now(.pai(["status": "healthy"])) }
        return .later {
            let depth = await PAISpeaking.depth(in: parts, visibleTo: grant)
            let settings = files.settings
            return .pai([
                "status": "healthy", "port": .integer(request.localPort), "voice_system": "Hearsay",
                "default_voice_id": .string(settings.main?.id ?? parts.engines.defaultVoice),
                // No key is needed, and clients that find none configured do not even try.
                "api_key_configured": true, "pronunciation_rules": .integer(files.ruleCount),
                "configured_voices": .array(settings.names.map(JSONValue.string)),
                "initialized": true, "enabled": true, "desktop_notifications": .bool(show != nil),
                "queue_depth": .integer(depth), "version": .string(parts.server.version),
            ])
        }
    }
}
