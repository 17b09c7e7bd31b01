import Flow
import Net
import VoiceCore
import Wire

/// Whom a connection acts for.
struct ConnectionIdentity: Sendable {
    var grant: Grant
    /// The session of commands that name none: that of hello, else of the token, else `default`.
    var session: SessionID
    /// Sessions that live at least as long as the connection.
    var held: [SessionID] = []
    let peer: SocketAddress
    /// Whether the client is on this machine.
    let isLocal: Bool
    var grantWatch: TaskPool.Handle?

    /// - Parameter request: The one that became the connection.
    init(grant: Grant, request: HTTPRequest) {
        self.grant = grant
        session = grant.session ?? .default
        peer = request.peer
        isLocal = request.isLocal
    }

    /// - Throws: `unknown_session` if it does not exist for the token.
    func cover(_ session: SessionID) throws(ErrorReply) {
        guard grant.covers(session) else { throw Self.unknown(session) }
    }

    static func unknown(_ session: SessionID) -> ErrorReply {
        ErrorReply(.unknownSession, "there is no session \(session)", field: "session_id")
    }
}
