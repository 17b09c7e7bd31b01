import Flow

@testable import Net

/// Answers by a closure.
struct ClosureHandler: HTTPHandler {
    let answer: @Sendable (HTTPRequest) -> HTTPReply

    func reply(to request: HTTPRequest) -> HTTPReply { answer(request) }
}

/// Runs a server at a port of the system's choice while `body` runs, then stops it and waits for its end.
func withServer(
    _ configure: (inout ServerOptions) -> Void = { _ in },
    answer: @escaping @Sendable (HTTPRequest) -> HTTPReply,
    _ body: (_ port: Int) async throws -> Void
) async throws {
    var options = ServerOptions(addresses: [SocketAddress(host: "127.0.0.1", port: 0)])
    configure(&options)
    let silent = LogSink(level: .error, style: .logfmt) { _ in }
    let server = try HTTPServer(
        options: options, handler: ClosureHandler(answer: answer), log: Log(label: "net", sink: silent))
    let running = Task { try await server.run() }
    do {
        try await body(server.boundAddresses[0].port)
    } catch {
        running.cancel()
        try await running.value
        throw error
    }
    running.cancel()
    try await running.value
}

/// Echoes every message until the connection ends.
@Sendable func echo(_ socket: WebSocket) async {
    while let message = await socket.receive() {
        switch message {
        case .text(let text): socket.send(text: text)
        case .binary(let bytes): socket.send(binary: bytes)
        }
    }
}

/// Accepts every WebSocket and runs `work` on it; anything else is answered by its path.
@Sendable func webSockets(
    kind: QueueKind = .live, _ work: @escaping @Sendable (WebSocket) async -> Void
) -> @Sendable (HTTPRequest) -> HTTPReply {
    { request in
        switch WebSocketUpgrade.detect(request) {
        case nil: return .now(.text(request.path))
        case .failure(let response)?: return .now(response)
        case .success(var upgrade)?:
            upgrade.kind = kind
            upgrade.selectedProtocol = upgrade.offeredProtocols.first
            return .webSocket(upgrade, work)
        }
    }
}
