import Net
import Testing
import Wire
import JSON

/// The other end of a socket, message by message.
final class Client: Sendable {
    /// What a server sends.
    enum Message: Hashable, Sendable {
        case json(JSONValue)
        case frame(AudioFrameHeader, [Int16])
    }

    struct Closed: Error {}

    private let socket: WebSocket

    init(_ socket: WebSocket) {
        self.socket = socket
    }

    func send(_ text: String) { socket.send(text: text) }

    func send(_ command: Command) { socket.send(text: String(decoding: command.json(), as: UTF8.self)) }

    func send(binary: [UInt8]) { socket.send(binary: binary) }

    func close() { socket.close() }

    var isOpen: Bool { get async { await socket.closeStatus == nil } }

    /// The next message, whatever it is.
    func next() async throws -> Message {
        switch await socket.receive() {
        case nil: throw Closed()
        case .text(let text): return .json(try JSONText.value(of: Array(text.utf8)))
        case .binary(let bytes):
            let header = try #require(AudioFrameHeader(bytes))
            return .frame(header, AudioFrameHeader.samples(of: bytes))
        }
    }

    /// The next JSON message of a type; others before it are passed over.
    func next(_ type: String) async throws -> JSONValue {
        while true {
            if case .json(let value) = try await next(), value["type"]?.text == type { return value }
        }
    }

    /// The next messages of some types, in whatever order they come.
    func all(of types: Set<String>) async throws -> [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        while found.count < types.count {
            guard case .json(let value) = try await next(), let type = value["type"]?.text else { continue }
            if types.contains(type) { found[type] = value }
        }
        return found
    }

    /// The next frame of a kind; other messages before it are passed over.
    func nextFrame(_ kind: AudioFrameHeader.Kind) async throws -> (header: AudioFrameHeader, samples: [Int16]) {
        while true {
            if case .frame(let header, let samples) = try await next(), header.kind == kind { return (header, samples) }
        }
    }

    /// The next frame of whatever kind, with its bytes; messages before it are passed over.
    func nextAudio() async throws -> (header: AudioFrameHeader, payload: [UInt8]) {
        while let message = await socket.receive() {
            guard case .binary(let bytes) = message else { continue }
            return (try #require(AudioFrameHeader(bytes)), AudioFrameHeader.payload(of: bytes))
        }
        throw Closed()
    }

    /// So many frames of audio, put together; any other message but events fails.
    func audio(frames count: Int) async throws -> [Int16] {
        var samples: [Int16] = []
        for _ in 0..<count { samples += try await nextFrame(.audioOut).samples }
        return samples
    }

    /// Sends a command and waits for its answer; messages before it are passed over.
    ///
    /// - Parameter fields: A JSON object.
    @discardableResult
    func ask(_ type: String, _ fields: String = "{}") async throws -> JSONValue {
        let rest = fields.dropFirst()
        send("{\"type\":\"\(type)\",\"req\":\"\(type)!\"" + (rest == "}" ? "" : ",") + rest)
        while true {
            if case .json(let value) = try await next(), value["req"]?.text == "\(type)!" { return value }
        }
    }

    /// Opens a listener and gives its id.
    func listen(_ fields: String = #"{"kind":"test"}"#) async throws -> String {
        let answer = try await ask("listener.open", fields)
        return try #require(answer["listener_id"]?.text, "\(answer)")
    }

    /// Reports playback of what `begin` opened.
    func report(_ state: PlaybackCommand.State, _ milliseconds: Int, of begin: AudioBegin) {
        send(
            .playback(
                PlaybackCommand(
                    job: begin.job, listener: begin.listener, state: state, position: .milliseconds(milliseconds))))
    }

    /// The next opening of a channel.
    func begin() async throws -> AudioBegin {
        try #require(AudioBegin(await next("audio.begin")))
    }

    /// The code the server closed with, once it has.
    func closeCode() async throws -> UInt16 {
        while await socket.receive() != nil {}
        return try #require(await socket.closeStatus).code
    }
}
