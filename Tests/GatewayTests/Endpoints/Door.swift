import Flow
import Net

/// A desk behind a real socket, for what only shows on the wire.
struct Door: Sendable {
    let desk: Desk
    private let port: Int

    /// Opens a server, lets `body` use it, and stops it in good order.
    static func open(_ body: (Door) async throws -> Void) async throws {
        let desk = try await Desk()
        let options = ServerOptions(addresses: [SocketAddress(host: "127.0.0.1", port: 0)])
        let server = try HTTPServer(options: options, handler: desk.gateway, log: Log(label: "test"))
        let running = Task { try await server.run() }  // Ended below, in every case.
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(Door(desk: desk, port: server.boundAddresses[0].port)))
        } catch {
            result = .failure(error)
        }
        desk.events.finish()
        running.cancel()
        try await running.value
        try result.get()
    }

    func client(_ token: String? = nil) throws -> HTTPClient {
        HTTPClient(base: try URLParts("http://127.0.0.1:\(port)"), bearer: token)
    }

    /// A reader of events, connected.
    func events(_ query: String = "", token: String, fields: HTTPFields = [:]) async throws -> EventLines {
        EventLines(try await client(token).stream("GET", "/v1/events\(query)", fields: fields))
    }
}

/// Server-Sent Events, message by message.
final class EventLines {
    struct Message: Equatable {
        var id: String?
        var event: String?
        var data: String?
    }

    let head: HTTPBodyStream
    private var unread = ""

    init(_ head: HTTPBodyStream) { self.head = head }

    /// The next message that carries something; nil at the end of the stream.
    func next() async throws -> Message? {
        while true {
            while let end = unread.firstRange(of: "\n\n") {
                let message = Self.message(unread[..<end.lowerBound])
                unread = String(unread[end.upperBound...])
                if message.data != nil { return message }
            }
            guard let piece = try await head.next() else { return nil }
            unread += String(decoding: piece, as: UTF8.self)
        }
    }

    private static func message(_ text: Substring) -> Message {
        var message = Message()
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "id": message.id = parts[1]
            case "event": message.event = parts[1]
            case "data": message.data = parts[1]
            default: continue
            }
        }
        return message
    }
}
