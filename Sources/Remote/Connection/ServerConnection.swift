package import Flow
import Net
package import VoiceCore
package import Wire
package import JSON

/// A native connection to a server: commands with their answers, and what the server sends by itself.
package final class ServerConnection: Sendable {
    /// What the server sends without being asked.
    package enum Incoming: Sendable {
        /// An event, or a message of a listener such as `audio.begin`; its `type` says which.
        case message(JSONValue)
        case audio(AudioFrameHeader, payload: [UInt8])
    }

    private struct Answers: Sendable {
        var lastRequest = 0
        var replies: [Int: JSONValue] = [:]
        var ending: RemoteError?
    }

    /// How long an answer may take; the server's own figure is 5 ms.
    private static let replyDeadline = Duration.seconds(10)

    /// In the order they came, ending with the connection.
    ///
    /// Whoever connects reads it to the end, since replies wait behind what is not read.
    package let incoming = Channel<Incoming>(capacity: 1_024)
    /// The server's answer to `hello`.
    package let welcome: JSONValue
    private let socket: WebSocket
    private let answers = Monitor(Answers())

    private init(socket: WebSocket, welcome: JSONValue) {
        self.socket = socket
        self.welcome = welcome
    }

    /// Connects, greets, and runs `body`; the connection ends with it.
    ///
    /// - Parameters:
    ///   - client: What this program calls itself, for the server's lists.
    ///   - session: The session to make or find; nil for the token's own.
    package static func with<Result: Sendable>(
        _ address: ServerAddress, client: String, session: WireSessionRequest? = nil,
        _ body: @escaping @Sendable (ServerConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await open(address, client, session)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                await connection.read()
                return nil
            }
            group.addTask {
                defer { connection.close() }
                return try await body(connection)
            }
            var result: Result?
            while let next = try await group.next() { result = next ?? result }
            guard let result else { throw RemoteError.lost }
            return result
        }
    }

    /// The session that `hello` made or found.
    package var session: SessionID? {
        (welcome["session"]?["session_id"] ?? welcome["session_id"])?.text.map { SessionID($0) }
    }

    /// Why the connection ended; nil while it lives.
    package var ending: RemoteError? { answers.withLock { $0.ending } }

    /// Sends a command and waits for its answer.
    ///
    /// - Throws: `RemoteError`, or `CancellationError`.
    package func request(_ command: Wire.Command) async throws -> JSONValue {
        let number = answers.withLock { answers in
            answers.lastRequest += 1
            return answers.lastRequest
        }
        send(command, request: .integer(number))
        let reply = await Timeline.live().limit(Self.replyDeadline) { [answers] in
            await answers.wait { answers -> Swift.Result<JSONValue, RemoteError>? in
                if let reply = answers.replies.removeValue(forKey: number) { return .success(reply) }
                return answers.ending.map { .failure($0) }
            }
        }
        try Task.checkCancellation()
        guard let value = try reply?.get() else { throw RemoteError.lost }
        if value["type"]?.text == "error", let error = RemoteError(value) { throw error }
        return value
    }

    /// Sends a command whose answer nobody reads.
    package func send(_ command: Wire.Command, request: JSONValue? = nil) {
        socket.send(Frame.text(command.json(request: request)))
    }

    /// What of audio may wait in this process: 8 s of PCM, so that a slow line shows as a backlog and not as memory.
    private static let audioRoom = 256 << 10

    /// Sends a frame of audio and waits while the line is slower than the audio.
    ///
    /// - Returns: False once the connection is over.
    package func send(audio frame: [UInt8]) async -> Bool {
        socket.send(binary: frame)
        return await socket.waitForRoom(within: Self.audioRoom)
    }

    /// Ends the connection in good order.
    package func close() {
        socket.close(code: WebSocketClose.normal, reason: "")
    }

    // MARK: Reading

    private func read() async {
        while let message = await socket.receive() {
            switch message {
            case .text(let text): await take(text)
            case .binary(let bytes): await take(bytes)
            }
        }
        let ending = RemoteError(await socket.closeStatus)
        answers.update { $0.ending = ending }
        incoming.finish()
    }

    private func take(_ text: String) async {
        guard let value = try? JSONText.value(JSONValue.self, of: Array(text.utf8)) else { return }
        if let number = value["req"]?.whole {
            answers.update { $0.replies[number] = value }
        } else {
            try? await incoming.send(.message(value))
        }
    }

    private func take(_ bytes: [UInt8]) async {
        guard let header = AudioFrameHeader(bytes) else { return }
        try? await incoming.send(.audio(header, payload: AudioFrameHeader.payload(of: bytes)))
    }

    // MARK: Connecting

    private static func open(
        _ address: ServerAddress, _ client: String, _ session: WireSessionRequest?
    ) async throws(RemoteError) -> ServerConnection {
        let socket: WebSocket
        do {
            socket = try await WebSocketClient.connect(
                to: address.webSocketURL, trust: address.trust, protocols: ["hearsay.v1"], timeout: .seconds(5))
        } catch {
            throw RemoteError(error, url: address.url)
        }
        let hello = HelloCommand(token: address.token, client: .init(name: client), session: session)
        socket.send(Frame.text(Wire.Command.hello(hello).json()))
        let answer = await Timeline.live().limit(.seconds(5)) { await socket.receive() }
        guard case .text(let text)? = answer else { throw RemoteError(await socket.closeStatus) }
        guard let value = try? JSONText.value(JSONValue.self, of: Array(text.utf8)) else {
            throw .notHearsay(url: address.url)
        }
        if let error = RemoteError(value) { throw error }
        guard value["type"]?.text == "welcome" else { throw .notHearsay(url: address.url) }
        return ServerConnection(socket: socket, welcome: value)
    }
}
