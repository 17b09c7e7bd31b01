import Net
import Speaking
import VoiceCore
import Wire
import JSON

/// The participants' places, made and ended over HTTP.
struct SessionEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [
            .waiting("GET", "/v1/sessions", anyOf: nil, list),
            .waiting("POST", "/v1/sessions", anyOf: nil, open),
            .waiting("GET", "/v1/sessions/{id}", anyOf: nil, show),
            .waiting("PATCH", "/v1/sessions/{id}", anyOf: [.speak, .control], change),
            .waiting("DELETE", "/v1/sessions/{id}", anyOf: [.speak, .control], end),
        ]
    }

    private func list(_ call: Call) async -> HTTPResponse {
        .object(["sessions": .array(await parts.sessions.list(visibleTo: call.grant).map { WireSession($0).json })])
    }

    private func open(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let wish =
            call.request.body.isEmpty
            ? WireSessionRequest() : try call.read { bytes throws(WireError) in try WireSessionRequest(bytes) }
        let id = wish.id ?? (call.grant.isBound ? call.ownSession : nil)
        if let id, !call.grant.covers(id) { throw unknown(id) }
        try await check(wish.voice)
        do throws(SessionError) {
            let session = try await parts.sessions.open(
                id, name: wish.name, voice: wish.voice, isStored: wish.isStored, isLocal: call.isLocal)
            let location = "/v1/sessions/" + PercentCoding.encode(session.id.rawValue)
            return .value(WireSession(session).json, status: 201, location: location)
        } catch {
            throw ErrorReply(error)
        }
    }

    private func show(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        .value(WireSession(try await session(call)).json)
    }

    private func change(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let id = try await session(call).id
        guard call.mayTouch(id) else {
            throw ErrorReply(.notAllowed, "changing sessions of others needs the scope control")
        }
        let change = try call.read { bytes throws(WireError) in try WireSessionChange(bytes) }
        try await check(change.voice)
        guard
            let info = await parts.sessions.update(
                id, name: change.name, voice: change.voice, isStored: change.isStored)
        else {
            throw unknown(id)
        }
        return .value(WireSession(info).json)
    }

    private func check(_ voice: String?) async throws(ErrorReply) {
        guard let voice, await parts.engines.synthesizer(for: voice) == nil else { return }
        throw ErrorReply(.unknownVoice, "no engine has this voice", field: "voice")
    }

    private func end(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let id = try await session(call).id
        guard call.mayTouch(id) else {
            throw ErrorReply(.notAllowed, "ending sessions of others needs the scope control")
        }
        guard await parts.sessions.end(id) else { throw ErrorReply(.notAllowed, "the session \(id) never ends") }
        _ = await parts.dispatcher.abort(.session(id), by: call.grant)
        return .object(["ended": .string(id.rawValue)])
    }

    private func session(_ call: Call) async throws(ErrorReply) -> SessionInfo {
        let id = SessionID(call.parameters[0])
        guard call.grant.covers(id), let session = await parts.sessions.info(id) else { throw unknown(id) }
        return session
    }

    private func unknown(_ id: SessionID) -> ErrorReply {
        ErrorReply(.unknownSession, "there is no session \(id)", field: "session_id")
    }
}

extension ErrorReply {
    /// Why a session was not opened, as a client gets it.
    init(_ error: SessionError) {
        switch error {
        case .badName:
            self.init(.outOfRange, "a session's id is \(SessionID.allowed)", field: "session_id")
        case .tooMany(let limit):
            self.init(.tooManySessions, "\(limit) sessions live already")
        }
    }
}
