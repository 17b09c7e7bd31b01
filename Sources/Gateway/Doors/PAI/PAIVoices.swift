import Flow
import JSON
import Net
import VoiceCore
import Wire

/// The voices as PAI's server of version 2.5 shows them one by one: `/voices/{name}` and a sample of each.
extension PAIDoor {
    /// What a sample says when the caller wants nothing in particular.
    private static let sample = "Hello, this is a voice preview."

    var voiceRoutes: [Route] {
        [
            .waiting("GET", "/voices", anyOf: nil, in: .pai, voices),
            .waiting("GET", "/voices/{name}", anyOf: nil, in: .pai) { call in
                let name = call.parameters.first ?? ""
                guard let members = await voice(named: name) else { return Self.missing(name) }
                return .pai(members)
            },
            .waiting("POST", "/voices/{name}/preview", anyOf: .speak, in: .pai, preview),
        ]
    }

    private func voices(_ call: Call) async -> HTTPResponse {
        .pai([
            "voices": .array(await parts.engines.voices().map { .object(Self.json(of: $0)) }),
            "configured_voices": .array(files.settings.names.map(JSONValue.string)),
        ])
    }

    private static func json(of voice: Voice) -> JSONObject {
        var members: JSONObject = ["name": .string(voice.id), "language": .string(voice.language)]
        members["description"] = voice.description.map(JSONValue.string)
        return members
    }

    /// A voice of that name here, or one of PAI's files with the voice that stands for it; nil for any other name.
    private func voice(named name: String) async -> JSONObject? {
        let voices = await parts.engines.voices()
        if let voice = voices.first(where: { $0.id == name }) { return Self.json(of: voice) }
        guard let entry = files.settings.entry(for: name) else { return nil }
        let local = await parts.voice(namedAnyOf: [entry.id, entry.name, entry.key].compactMap { $0 })
        var members = voices.first { $0.id == local }.map(Self.json) ?? [:]
        members["name"] = .string(entry.key)
        members["voice_id"] = .string(entry.id)
        members["voice"] = local.map(JSONValue.string)
        return members
    }

    /// Speaks a sample and answers when it was heard.
    private func preview(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let name = call.parameters.first ?? ""
        guard await voice(named: name) != nil else { return Self.missing(name) }
        if let wait = counter.pass(call.request.peer, at: parts.server.timeline.now) {
            throw .rateLimited(.peer, retryAfter: wait)
        }
        let asked = call.request.query["text"] ?? ""
        // Version 2.5 cuts a longer text here, where its notifications refuse it.
        let text = PAIText.cleaned(String(asked.prefix(PAIText.limit)))
        let sample = PAINotification(sample: text.isEmpty ? Self.sample : text, voice: name)
        let speaking = PAISpeaking(parts: parts, settings: files.settings, session: rule.alias.name.session)
        switch await speaking.speak(sample, by: call.grant) {
        case .failed(let reason, let job):
            return .paiError("TTS failed: \(reason)", status: 502, job.map { ["job_id": .string($0.rawValue)] } ?? [:])
        case .taken(let job, _):
            return .pai([
                "status": "success", "voice": .string(name), "text": .string(sample.message),
                "job_id": .string(job.id.rawValue), "job_status": .string(job.phase.rawValue),
            ])
        }
    }

    private static func missing(_ name: String) -> HTTPResponse {
        let message = "Voice not found: \(name)"
        return .paiError(message, status: 404, ["detail": .string(message)])
    }
}
