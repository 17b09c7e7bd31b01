/// Answers requests.
package protocol HTTPHandler: Sendable {
    /// Decides how a request is answered.
    ///
    /// Called on a loop thread, so it must not block; whatever waits belongs into the closures of the reply.
    func reply(to request: HTTPRequest) -> HTTPReply
}

/// What a handler answers.
package enum HTTPReply: Sendable {
    /// Answered in the same turn of the loop.
    case now(HTTPResponse)
    /// Answered by a task of the server; cancelled when the client goes away.
    ///
    /// The task prefers the loop unless the request has a large body, so it may wait but neither block nor work long.
    case later(@Sendable () async -> HTTPResponse)
    /// The head now, then a body as it is written; its own body comes first. Cancelled when the client goes away.
    case stream(HTTPResponse, @Sendable (BodyWriter) async -> Void)
    /// A task of the server answers as a whole, or opens a body and returns nil at its end; what it throws cuts the
    /// connection off, so that half a body is not taken for a whole one. Cancelled when the client goes away.
    case openLater(@Sendable (BodyOpener) async throws -> HTTPResponse?)
    /// The connection becomes a WebSocket until the handler returns; cancelled when the connection is over.
    ///
    /// The handler's task prefers the loop, so it may wait but neither block nor work long; `TaskPool.aside` is for that.
    case webSocket(WebSocketUpgrade, @Sendable (WebSocket) async -> Void)
    /// The connection becomes a WebSocket only to be closed: a browser cannot see an HTTP status.
    case refuseWebSocket(WebSocketUpgrade, code: UInt16, reason: String)
}
