import Flow
import Hearing
import JSON
import Net
import VoiceCore
import Wire

/// What the pages of Palaver's later version ask the server: its state, its events, and the button for the microphones.
struct PalaverPages: Sendable {
    /// What `GET /ui/events-poll` gives at most; as many as Palaver keeps.
    private static let feedLength = 100

    let parts: GatewayParts
    let board: PalaverBoard
    /// The members of `/status`.
    let status: @Sendable (HTTPRequest) -> JSONObject
    /// Whose events the feed shows.
    let session: @Sendable (Grant) -> SessionID

    var routes: [Route] {
        [
            .guarded("GET", "/ui/status-partial", anyOf: .events, in: .fastAPI) { call in
                .now(PalaverHTML.response(PalaverHTML.status(status(call.request), at: .now())))
            },
            .guarded("GET", "/ui/events-poll", anyOf: .events, in: .fastAPI) { call throws(ErrorReply) in
                .now(try feed(call))
            },
            .waiting("GET", "/ui/recording-button", anyOf: .events, in: .fastAPI) { call in
                PalaverHTML.response(PalaverHTML.button(await recording(call)))
            },
            .waiting("POST", "/ui/recording/pause", anyOf: .capture, in: .fastAPI) { call throws(ErrorReply) in
                try await pause(true, by: call)
            },
            .waiting("POST", "/ui/recording/resume", anyOf: .capture, in: .fastAPI) { call throws(ErrorReply) in
                try await pause(false, by: call)
            },
            .waiting("GET", "/ui/recording/status", anyOf: .events, in: .fastAPI) { call in
                .value(await recording(call).json)
            },
        ]
    }

    // MARK: Events

    private func feed(_ call: Call) throws(ErrorReply) -> HTTPResponse {
        guard let since = UInt64(call.request.query["since"] ?? "0") else {
            throw ErrorReply(WireError.wrongType(field: "since", wanted: "a whole number"))
        }
        let (grant, session) = (call.grant, session(call.grant))
        var cursor = parts.events.cursor(after: since) { event in
            event.isFact && event.session == session && event.isVisible(to: grant)
        }
        var items: [String] = []
        while let item = cursor.nextIfAny() {
            guard case .fact(_, let event) = item, let html = PalaverHTML.item(event) else { continue }
            items.append(html)
        }
        return PalaverHTML.response(
            items.suffix(Self.feedLength).joined(), fields: ["X-Event-Sequence": String(cursor.nextSequence - 1)])
    }

    // MARK: Recording

    private func pause(_ isPaused: Bool, by call: Call) async throws(ErrorReply) -> HTTPResponse {
        guard let hearing = parts.hearing else { throw .noHearing }
        let sources = await sources(call)
        guard !sources.isEmpty else { return .object(["detail": "Recording is not active"], status: 400) }
        for source in sources {
            // One that ended in this moment needs no pause.
            try? await hearing.setPaused(isPaused, source.id, by: RequestHand())
        }
        return PalaverHTML.response(PalaverHTML.button(await recording(call)))
    }

    /// Those of the door that the caller may pause; those of other sessions obey who has `control`, here as everywhere.
    private func sources(_ call: Call) async -> [SourceDescription] {
        let (doors, own) = (Set(board.sources), session(call.grant))
        return await parts.hearing?.list(visibleTo: call.grant).filter {
            doors.contains($0.id) && ($0.session == own || call.grant.allows(.control))
        } ?? []
    }

    private func recording(_ call: Call) async -> PalaverRecording {
        let sources = await sources(call)
        return PalaverRecording(
            isStreaming: !sources.isEmpty, isPaused: !sources.isEmpty && sources.allSatisfy(\.isPaused))
    }
}

/// Whether microphones of the door send, and whether they may.
struct PalaverRecording: Sendable {
    let isStreaming: Bool
    let isPaused: Bool

    var isRecording: Bool { isStreaming && !isPaused }

    var json: JSONValue {
        .object(["streaming": .bool(isStreaming), "paused": .bool(isPaused), "recording": .bool(isRecording)])
    }
}
