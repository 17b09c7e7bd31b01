import Flow
import VoiceCore
import Wire

/// Whom a connection acts for.
struct ConnectionIdentity: Sendable {
    var grant: Grant
    /// The session of commands that name none: that of hello, else of the token, else `default`.
    var session: SessionID
    /// Sessions that live at least as long as the connection.
    var held: [SessionID] = []
    /// Whether the client is on this machine.
    var isLocal = false
    var grantWatch: TaskPool.Handle?

    init(grant: Grant) {
        self.grant = grant
        session = grant.session ?? .default
    }

    /// - Throws: `not_allowed` if the token lacks the scope.
    func need(_ scope: Scopes) throws(ErrorReply) {
        guard grant.allows(scope) else {
            throw ErrorReply(.notAllowed, "this needs the scope \(scope.names.joined(separator: " or "))")
        }
    }

    /// - Throws: `unknown_session` if it does not exist for the token.
    func cover(_ session: SessionID) throws(ErrorReply) {
        guard grant.covers(session) else { throw Self.unknown(session) }
    }

    static func unknown(_ session: SessionID) -> ErrorReply {
        ErrorReply(.unknownSession, "there is no session \(session)", field: "session_id")
    }
}
