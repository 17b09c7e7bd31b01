import Flow
import Net
import Secrets
import VoiceCore
import Wire

/// The first message of a connection: who it is, and what it may do.
struct Greeting: Sendable {
    /// PROTOCOL.md, section 2: how long a client may take to say hello.
    static let limit = Duration.seconds(5)

    let hello: HelloCommand
    /// The `req` of hello, as written.
    let request: [UInt8]?
    let grant: Grant

    private enum First: Sendable {
        case message(WebSocketMessage)
        case closed
    }

    /// Waits for hello and judges its token; whatever else comes closes the connection with the code for it.
    ///
    /// - Parameter shown: What the token of the upgrade request allows.
    /// - Returns: Nil if the connection is over.
    static func await(
        _ socket: WebSocket, shown: Grant?, access: AccessTable, timeline: Timeline
    ) async -> Greeting? {
        let first: First? = await timeline.limit(limit) {
            await socket.receive().map(First.message) ?? .closed
        }
        switch first {
        case .closed: return nil
        case nil: return refuse(socket, nil, ErrorReply(.helloTimeout, "no hello came"))
        case .message(.binary): return refuse(socket, nil, ErrorReply(.helloExpected, "audio came before hello"))
        case .message(.text(let text)):
            let message = CommandMessage(Array(text.utf8))
            switch message.command {
            case .failure(let error):
                return refuse(socket, message.request, ErrorReply(error))
            case .success(.hello(let hello)):
                guard let grant = grant(of: hello, shown, access) else {
                    let error = ErrorReply(.unauthenticated, "the token is missing, unknown, expired or revoked")
                    return refuse(socket, message.request, error)
                }
                return Greeting(hello: hello, request: message.request, grant: grant)
            case .success(let command):
                let error = ErrorReply(.helloExpected, "\(command.name) came before hello")
                return refuse(socket, message.request, error)
            }
        }
    }

    /// Closes a connection, after an `error` that says why.
    static func refuse(_ socket: WebSocket, _ request: [UInt8]?, _ error: ErrorReply) -> Greeting? {
        socket.send(Frame.text(Reply.error(to: request, error).json))
        socket.close(code: error.code.closeCode, reason: error.code.rawValue)
        return nil
    }

    /// A token in hello counts before the one of the upgrade request.
    private static func grant(of hello: HelloCommand, _ shown: Grant?, _ access: AccessTable) -> Grant? {
        guard let text = hello.token else { return shown }
        return SecretToken(text).flatMap { access.grant(for: $0) }
    }
}
