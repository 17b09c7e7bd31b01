import Flow
import Net
import Remote
import VoiceCore
import Wire
import JSON

/// A server that does what a test tells it, behind a real loopback socket.
struct ScriptedServer: HTTPHandler {
    /// One native connection, as the server sees it.
    struct Peer: Sendable {
        let socket: WebSocket
        /// 0 for the first connection of the test.
        let number: Int

        /// The next command; nil when the client is gone.
        func next() async -> JSONValue? {
            while let message = await socket.receive() {
                if case .text(let text) = message { return try? JSONText.value(of: Array(text.utf8)) }
            }
            return nil
        }

        /// Reads commands up to the first of a type, answering those before it with `ok`.
        func next(_ type: String) async -> JSONValue? {
            while let command = await next() {
                if command["type"]?.text == type { return command }
                answer(command)
            }
            return nil
        }

        func answer(_ command: JSONValue, _ fields: [String: JSONValue] = [:], type: String = "ok") {
            guard let request = command["req"] else { return }
            send(fields.merging(["type": .string(type), "req": request]) { $1 })
        }

        func send(_ fields: [String: JSONValue]) {
            socket.send(text: String(decoding: JSONText.bytes(JSONValue.object(fields)), as: UTF8.self))
        }

        func cut() { socket.close(code: 1001, reason: "") }
    }

    private let pages: [String: JSONValue]
    private let script: @Sendable (Peer) async -> Void
    private let connections = Monitor(0)

    func reply(to request: HTTPRequest) -> HTTPReply {
        guard case .success(var upgrade)? = WebSocketUpgrade.detect(request) else {
            let page = pages[request.path]
            let body = page ?? .object(["error": .object(["code": "unknown_job", "message": "there is no such job"])])
            return .now(HTTPResponse.json(status: page == nil ? 404 : 200, bytes: JSONText.bytes(body)))
        }
        upgrade.selectedProtocol = "hearsay.v1"
        return .webSocket(upgrade) { [connections, script] socket in
            let number = connections.update { count in
                count += 1
                return count - 1
            }
            let peer = Peer(socket: socket, number: number)
            guard let hello = await peer.next(), hello["type"]?.text == "hello" else { return }
            guard hello["token"]?.text == "right" else {
                socket.close(code: 4401, reason: "unauthenticated")
                _ = await peer.next()
                return
            }
            peer.send(["type": "welcome", "v": 1, "session": ["session_id": "ses_own"]])
            await script(peer)
        }
    }

    /// Runs a server for as long as `body` needs it.
    ///
    /// - Parameters:
    ///   - pages: Answers of the HTTP interface, by path.
    ///   - script: What it does on each connection, after `welcome`.
    static func run<Result: Sendable>(
        pages: [String: JSONValue] = [:], script: @escaping @Sendable (Peer) async -> Void,
        _ body: @escaping @Sendable (ServerAddress) async throws -> Result
    ) async throws -> Result {
        let handler = ScriptedServer(pages: pages, script: script)
        let silent = Log(label: "test", sink: LogSink(level: .error, style: .json) { _ in })
        let options = ServerOptions(addresses: [SocketAddress(host: "127.0.0.1", port: 0)])
        let server = try HTTPServer(options: options, handler: handler, log: silent)
        let url = "http://\(server.boundAddresses[0])"
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await server.run()
                return nil
            }
            group.addTask { try await body(ServerAddress(url: url, token: "right")) }
            defer { group.cancelAll() }
            while let next = try await group.next() {
                if let next { return next }
            }
            throw CancellationError()
        }
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
