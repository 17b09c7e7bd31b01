import Flow
import Net
import VoiceCore
import Wire

/// Events as Server-Sent Events: the same facts as on a WebSocket, for programs that only read.
struct EventEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [.guarded("GET", "/v1/events", anyOf: .events, stream)]
    }

    /// Proxies must not gather what is meant to arrive at once.
    private static let head = HTTPResponse(
        status: 200,
        fields: [
            "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff", "X-Accel-Buffering": "no",
        ])

    private func stream(_ call: Call) throws(ErrorReply) -> HTTPReply {
        let filter: EventFilter
        do throws(WireError) {
            let sessions = call.list("sessions").map { Set($0.map { SessionID($0) }) }
            filter = try EventFilter(names: call.list("events") ?? ["*"], sessions: sessions)
        } catch {
            throw ErrorReply(error)
        }
        let grant = call.grant
        for session in filter.sessions ?? [] where !grant.covers(session) {
            throw ErrorReply(.unknownSession, "there is no session \(session)", field: "sessions")
        }
        let cursor = parts.events.cursor(after: try lastSequence(call)) { event in
            filter.matches(event) && event.isVisible(to: grant)
        }
        return .stream(Self.head) { [parts] writer in
            await parts.readers.read { await EventStream(parts: parts, grant: grant, writer: writer).run(from: cursor) }
        }
    }

    /// `Last-Event-ID`, which a browser sends by itself when it connects again, goes before `?last_seq=`.
    private func lastSequence(_ call: Call) throws(ErrorReply) -> UInt64? {
        guard let text = call.request.fields["Last-Event-ID"] ?? call.request.query["last_seq"] else { return nil }
        guard let number = UInt64(text) else {
            throw ErrorReply(WireError.wrongType(field: "last_seq", wanted: "the number of an event"))
        }
        return number
    }
}

/// One reader's stream; it ends with the connection, with its token, or with the server.
private struct EventStream: Sendable {
    let parts: GatewayParts
    let grant: Grant
    let writer: BodyWriter

    /// A comment so often keeps proxies from closing a silent connection.
    private static let heartbeat = Duration.seconds(15)
    /// How soon a browser connects again, in milliseconds.
    private static let opening = Array("retry: 1000\n\n".utf8)

    func run(from cursor: BroadcastCursor<Event>) async {
        let seat = parts.counters.subscribers.seat()
        defer { withExtendedLifetime(seat) {} }
        _ = await parts.access.whileLiving(grant) { [self] in try? await write(from: cursor) }
    }

    /// Waits on the writer, so a slow reader holds up only itself; overtaken by the ring it is told what it lost.
    private func write(from start: BroadcastCursor<Event>) async throws {
        var cursor = start
        try await writer.write(Self.opening)
        while !Task.isCancelled {
            if let item = cursor.nextIfAny() {
                try await writer.write(message(item))
                continue
            }
            guard let step = await nextStep(cursor) else {
                try await writer.write(Array(": alive\n\n".utf8))
                continue
            }
            guard let item = step.item else { return }
            cursor = step.cursor
            try await writer.write(message(item))
        }
    }

    private struct Step: Sendable {
        /// nil at the end of all events.
        var item: Broadcast<Event>.Item?
        var cursor: BroadcastCursor<Event>
    }

    /// - Returns: nil when nothing happened for a while.
    private func nextStep(_ cursor: BroadcastCursor<Event>) async -> Step? {
        await parts.server.timeline.limit(Self.heartbeat) {
            var step = Step(cursor: cursor)
            step.item = await step.cursor.next()
            return step.item == nil && Task.isCancelled ? nil : step
        }
    }

    private func message(_ item: Broadcast<Event>.Item) -> [UInt8] {
        switch item {
        case .fact(let sequence, let event):
            return Self.message(WireEvent.name(event), WireEvent.json(event, sequence: sequence), id: sequence)
        case .reading(let event):
            return Self.message(WireEvent.name(event), WireEvent.json(event, sequence: nil), id: nil)
        case .lost(let range):
            parts.counters.lostEvents.add(range.count)
            return Self.message("events.lost", WireEvent.lost(range), id: range.upperBound)
        }
    }

    /// JSON has no line breaks outside of escapes, so one `data` line is enough.
    private static func message(_ name: String, _ json: [UInt8], id: UInt64?) -> [UInt8] {
        var text = Array((id.map { "id: \($0)\n" } ?? "").utf8)
        text += Array("event: \(name)\ndata: ".utf8)
        text += json
        text += [0x0A, 0x0A]
        return text
    }
}
