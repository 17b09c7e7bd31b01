import Net
import VoiceCore
import Wire

/// The door `/debug/echo`, which sends every message back, so that others can try their WebSocket on this server.
struct DebugEcho: Sendable {
    /// PROTOCOL.md, section 8: messages to 16 MiB.
    private static let messageBytes = 16 << 20
    /// Unsent bytes above which nothing more is read: enough that small messages flow without waiting.
    private static let window = 256 << 10

    static func isAsked(for request: HTTPRequest) -> Bool { request.path == "/debug/echo" }

    /// Opens the door to programs of this machine, and to others who show a token.
    func reply(to upgrade: WebSocketUpgrade, _ request: HTTPRequest, _ grant: Grant?) throws(Refusal) -> HTTPReply {
        guard request.isLocal || grant != nil else {
            throw Refusal(ErrorReply(.unauthenticated, "from another machine this needs a token"))
        }
        var upgrade = upgrade
        upgrade.kind = .blob
        upgrade.messageBytes = Self.messageBytes
        return .webSocket(upgrade) { socket in await Self.echo(on: socket) }
    }

    /// A client that sends and does not read is not read either, once its socket takes no more.
    private static func echo(on socket: WebSocket) async {
        var sent = 0
        while let message = await socket.receive() {
            let frame = frame(message)
            socket.send(frame)
            sent += frame.byteCount
            guard sent > window else { continue }
            guard await socket.waitForRoom(within: window) else { return }
            sent = 0
        }
    }

    private static func frame(_ message: WebSocketMessage) -> Frame {
        switch message {
        case .text(let text): .text(Array(text.utf8))
        case .binary(let bytes): .binary(bytes)
        }
    }
}
