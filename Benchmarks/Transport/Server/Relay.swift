import Net

/// Sends on what publishers send, echoes, and answers a request that shows a token.
struct Relay: HTTPHandler {
    private let topics = Topics()

    func reply(to request: HTTPRequest) -> HTTPReply {
        switch WebSocketUpgrade.detect(request) {
        case nil: answer(request)
        case .failure(let response)?: .now(response)
        case .success(let upgrade)?: accept(upgrade, request)
        }
    }

    private func answer(_ request: HTTPRequest) -> HTTPReply {
        guard request.fields["Authorization"] == "Bearer measure" else {
            return .now(.text("show the token\n", status: 401))
        }
        return .now(.json(bytes: Array(#"{"status":"ok","jobs":0}"#.utf8)))
    }

    private func accept(_ upgrade: WebSocketUpgrade, _ request: HTTPRequest) -> HTTPReply {
        var upgrade = upgrade
        let topic = request.query["topic"] ?? ""
        if request.query["kind"] == "blob" { upgrade.kind = .blob }
        switch request.path {
        case "/pub": return .webSocket(upgrade) { [topics] in await topics.publish(from: $0, to: topic) }
        case "/sub": return .webSocket(upgrade) { [topics] in await topics.listen($0, to: topic) }
        case "/echo": return .webSocket(upgrade, Self.echo)
        default: return .refuseWebSocket(upgrade, code: 1008, reason: "no such path")
        }
    }

    @Sendable private static func echo(_ socket: WebSocket) async {
        while let message = await socket.receive() {
            switch message {
            case .text(let text): socket.send(text: text)
            case .binary(let bytes): socket.send(binary: bytes)
            }
        }
    }
}
