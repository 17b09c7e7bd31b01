import Glibc
import Net
import Secrets

/// Tries our WebSocket client on an echo server of another maker; built for tests and never installed.
@main
enum NetProbe {
    /// Around every border between two ways to write a length (RFC 6455, section 5.2), then what a server echoes at most.
    private static let byteCounts = [0, 1, 2, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537, 1 << 20, 16 << 20]

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard [1, 2].contains(arguments.count) else { return end("usage: net-probe URL [AUTHORITIES.pem]", 2) }
        do {
            let trust = ServerTrust(authorityPath: arguments.count == 2 ? arguments[1] : nil)
            let socket = try await WebSocketClient.connect(to: arguments[0], trust: trust, kind: .blob)
            try await echo(on: socket)
            try await close(socket)
            end("\(byteCounts.count * 2) messages came back", 0)
        } catch {
            end("\(error)", 1)
        }
    }

    private enum Fault: Error {
        case otherMessage(byteCount: Int, isText: Bool)
        case noPong
        case badEnd(WebSocketClose?)
    }

    /// One message after the other, then all at once.
    private static func echo(on socket: WebSocket) async throws {
        for count in byteCounts {
            for message in messages(of: count) {
                send(message, on: socket)
                try await expect(message, on: socket)
            }
        }
        let small = byteCounts.filter { $0 <= 65537 }.flatMap { messages(of: $0) }
        for message in small { send(message, on: socket) }
        for message in small { try await expect(message, on: socket) }
        guard await socket.ping() != nil else { throw Fault.noPong }
    }

    private static func close(_ socket: WebSocket) async throws {
        socket.close()
        let status = await socket.receive() == nil ? await socket.closeStatus : nil
        guard status == WebSocketClose(code: WebSocketClose.normal, wasClean: true) else { throw Fault.badEnd(status) }
    }

    /// A binary message of so many bytes, and a text of as many, with characters of every length in UTF-8.
    private static func messages(of byteCount: Int) -> [WebSocketMessage] {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let characters = Array("a\u{E9}\u{20AC}\u{1F600}".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(byteCount)
        while text.count + characters.count <= byteCount { text += characters }
        text += Array(repeating: UInt8(ascii: "x"), count: byteCount - text.count)
        return [.binary(bytes), .text(String(decoding: text, as: UTF8.self))]
    }

    private static func send(_ message: WebSocketMessage, on socket: WebSocket) {
        switch message {
        case .text(let text): socket.send(text: text)
        case .binary(let bytes): socket.send(binary: bytes)
        }
    }

    private static func expect(_ message: WebSocketMessage, on socket: WebSocket) async throws {
        guard await socket.receive() != message else { return }
        switch message {
        case .text(let text): throw Fault.otherMessage(byteCount: text.utf8.count, isText: true)
        case .binary(let bytes): throw Fault.otherMessage(byteCount: bytes.count, isText: false)
        }
    }

    private static func end(_ text: String, _ status: Int32) {
        print(text)
        exit(status)
    }
}
