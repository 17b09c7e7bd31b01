import Flow
import Speaking
import VoiceCore
import Wire
import JSON

extension ListenerStatus {
    var json: JSONValue {
        WireListener(description: description, readiness: readiness, roundTrip: roundTrip, job: job).json
    }
}

extension EngineState {
    /// Members: `engine, kind, state, installed, usual?, about?, reason?, languages?, remote?, usual_start_ms?,
    /// memory_bytes?`.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "engine": .string(engine), "kind": .string(kind.rawValue), "state": .string(phase.rawValue),
            "installed": .bool(isInstalled),
        ]
        if !languages.isEmpty { members["languages"] = .array(languages.map(JSONValue.string)) }
        members["reason"] = reason.map(JSONValue.string)
        members["about"] = about.map(JSONValue.string)
        if isUsual { members["usual"] = true }
        if isRemote { members["remote"] = true }
        members["usual_start_ms"] = usualStart.map(JSONValue.milliseconds)
        members["memory_bytes"] = memoryByteCount.map(JSONValue.integer)
        return .object(members)
    }
}

extension TokenRecord {
    /// What a list shows of a token: `token_id, label?, scopes, session_id?, room?, rate?, created_at, expires_at?`.
    ///
    /// Never the token itself, nor its digest.
    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "token_id": .string(grant.token.rawValue),
            "scopes": .array(grant.scopes.names.map(JSONValue.string)), "created_at": .string(createdAt.iso8601),
        ]
        members["label"] = label.isEmpty ? nil : .string(label)
        members["session_id"] = grant.session.map { .string($0.rawValue) }
        members["room"] = grant.room.map(JSONValue.string)
        members["rate"] = grant.rate.map { .string($0.text) }
        members["expires_at"] = grant.expiresAt.map { .string($0.iso8601) }
        return members
    }
}
