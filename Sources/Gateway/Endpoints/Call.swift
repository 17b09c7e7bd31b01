import Net
import VoiceCore
import Wire

/// One request that passed the door, as an endpoint sees it.
struct Call: Sendable {
    let request: HTTPRequest
    /// What stood in the place of each `{…}` of the route's path, in order.
    let parameters: [String]
    let grant: Grant

    /// The session of requests that name none.
    var ownSession: SessionID { grant.session ?? .default }

    /// Whether a session is the caller's own, or the caller may touch those of others.
    func mayTouch(_ session: SessionID) -> Bool {
        session == ownSession || grant.allows(.control)
    }

    var isLocal: Bool { request.isLocal }

    /// The words of a list in the query, such as `?events=job.*,server.stopping`; nil if absent.
    func list(_ name: String) -> [String]? {
        request.query[name].map { $0.split(separator: ",").map(String.init) }
    }
}
