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
    /// - Parameters:
    ///   - upgrade: The request that became the connection.
    ///   - shown: What its token allows.
    /// - Returns: Nil if the connection is over.
    static func await(
        _ socket: WebSocket, _ upgrade: HTTPRequest, shown: Grant?, parts: GatewayParts
    ) async -> Greeting? {
        let counters = parts.counters
        let first: First? = await parts.server.timeline.limit(limit) {
            await socket.receive().map(First.message) ?? .closed
        }
        switch first {
        case .closed: return nil
        case nil: return refuse(socket, nil, ErrorReply(.helloTimeout, "no hello came"), counters)
        case .message(.binary):
            return refuse(socket, nil, ErrorReply(.helloExpected, "audio came before hello"), counters)
        case .message(.text(let text)):
            let message = await CommandMessage.read(text)
            switch message.command {
            case .failure(let error):
                return refuse(socket, message.request, ErrorReply(error), counters)
            case .success(.hello(let hello)):
                do throws(Refusal) {
                    let grant = try grant(of: hello, shown, from: upgrade.peer, parts)
                    return Greeting(hello: hello, request: message.request, grant: grant)
                } catch {
                    await parts.turnstile.wait(error.delay)
                    return refuse(socket, message.request, error.error, counters)
                }
            case .success(let command):
                let error = ErrorReply(.helloExpected, "\(command.name) came before hello")
                return refuse(socket, message.request, error, counters)
            }
        }
    }

    /// Closes a connection, after an `error` that says why.
    static func refuse(
        _ socket: WebSocket, _ request: [UInt8]?, _ error: ErrorReply, _ counters: GatewayCounters
    ) -> Greeting? {
        counters.refused(error.code)
        socket.send(Frame.text(Reply.error(to: request, error).json))
        socket.close(code: error.code.closeCode, reason: error.code.rawValue)
        return nil
    }

    /// A token in hello counts before the one of the upgrade request.
    private static func grant(
        of hello: HelloCommand, _ shown: Grant?, from peer: SocketAddress, _ parts: GatewayParts
    ) throws(Refusal) -> Grant {
        guard
            let grant = try hello.token.map({ text throws(Refusal) in try parts.grant(for: text, from: peer) }) ?? shown
        else { throw Refusal(ErrorReply(.unauthenticated, "this needs a token")) }
        if let wait = parts.turnstile.pass(grant) { throw Refusal(.rateLimited(.token, retryAfter: wait)) }
        return grant
    }
}

extension GatewayParts {
    /// What a token allows that came inside a message.
    ///
    /// - Throws: `unauthenticated`, perhaps told late, for a wrong one.
    func grant(for text: String, from peer: SocketAddress) throws(Refusal) -> Grant {
        guard let token = SecretToken(text) else {
            throw Refusal(ErrorReply(.unauthenticated, "that is no token", field: "token"))
        }
        guard let grant = access.grant(for: token) else { throw Refusal(wrongTokenFrom: peer, at: turnstile) }
        return grant
    }
}
