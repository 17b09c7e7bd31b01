import Speaking
import VoiceCore
import Wire
import JSON

/// Who may change the queue: everybody's with `control` alone, the turns of one's own session with `speak`.
enum QueueRules {
    /// Changes the queue as a command says, and tells how it stands then.
    static func perform(
        _ command: QueueSetCommand, ownSession: SessionID, by grant: Grant, in parts: GatewayParts
    ) async throws(ErrorReply) -> [String: JSONValue] {
        try await check(command.change, ownSession: ownSession, by: grant, in: parts.sessions)
        guard await parts.dispatcher.setQueue(command.change) else {
            throw ErrorReply(.tooManyRequests, "too many sessions and outputs are held already")
        }
        return await status(by: grant, in: parts)
    }

    /// How the queue stands.
    static func status(by grant: Grant, in parts: GatewayParts) async -> [String: JSONValue] {
        WireQueue(await parts.dispatcher.queue(visibleTo: grant)).fields
    }

    private static func check(
        _ change: QueueChange, ownSession: SessionID, by grant: Grant, in sessions: SessionRegistry
    ) async throws(ErrorReply) {
        if change.policy != nil { try needEverybodys(grant, "policy") }
        switch change.brake?.subject {
        case nil:
            return
        case .everything:
            try needEverybodys(grant, "paused")
        case .output:
            try needEverybodys(grant, "output")
        case .session(let session):
            guard grant.covers(session), await sessions.info(session) != nil else {
                throw ErrorReply(.unknownSession, "there is no session \(session)", field: "session_id")
            }
            guard session == ownSession || grant.allows(.control) else {
                throw ErrorReply(
                    .notAllowed, "holding sessions of others needs the scope control", field: "session_id")
            }
        }
    }

    /// A token that is bound never touches what is everybody's.
    private static func needEverybodys(_ grant: Grant, _ field: String) throws(ErrorReply) {
        guard grant.allows(.control), !grant.isBound else {
            throw ErrorReply(
                .notAllowed, "the queue of all needs an unbound token with the scope control", field: field)
        }
    }
}
