import Flow
import Hearing
import JSON
import Net
import VoiceCore
import Wire

/// Palaver's server, as its design has it and as it was built later: audio comes in, events go out.
struct PalaverDoor: ForeignDoor {
    let parts: GatewayParts
    let rule: VisitorRule
    let board: PalaverBoard

    private var session: SessionID { rule.alias.name.session }

    var routes: [Route] {
        [
            .guarded("GET", "/index", anyOf: nil) { call in .now(index(call.request)) },
            .open("GET", "/health") { _ in .now(.object(["status": "healthy"])) },
            .guarded("GET", "/status", anyOf: .events) { call in .now(status(call.request)) },
            .waiting("POST", "/ui/recording/pause", anyOf: .capture) { call throws(ErrorReply) in
                try await pause(true, by: call)
            },
            .waiting("POST", "/ui/recording/resume", anyOf: .capture) { call throws(ErrorReply) in
                try await pause(false, by: call)
            },
            .waiting("GET", "/ui/recording/status", anyOf: .events) { call in .value(await recording(call)) },
            .waiting("GET", "/ui/recording-button", anyOf: .events) { call in await button(call) },
        ]
    }

    func socket(for request: HTTPRequest) -> DoorSocket? {
        switch request.path {
        case "/audio":
            DoorSocket(scopes: .capture) { socket, grant in
                await PalaverMicrophone(socket, grant, session: session(of: grant), parts: parts, board: board).serve()
            }
        case "/events":
            DoorSocket(scopes: .events) { socket, grant in
                await PalaverListening(socket, grant, session: session(of: grant), parts: parts, board: board).serve()
            }
        case "/register_rescanner": DoorSocket(scopes: .events) { socket, _ in await register(socket) }
        case "/get_rescanner":
            DoorSocket(scopes: .events) { socket, _ in
                guard await socket.receive() != nil else { return }
                socket.send(Frame.text(JSONText.bytes(JSONValue.object(["code": "success", "url": rescanner]))))
                await Self.waitForEnd(of: socket)
            }
        default: nil
        }
    }

    func fallback(for request: HTTPRequest, isNative: Bool) -> HTTPResponse? { nil }

    private func session(of grant: Grant) -> SessionID { grant.session ?? session }

    // MARK: Telling where what is

    private func index(_ request: HTTPRequest) -> HTTPResponse {
        let (http, socket) = addresses(request)
        return .object([
            "event_stream": .string(socket + "/events"), "add_stream": .string(socket + "/audio"),
            "register_rescanner": .string(socket + "/register_rescanner"), "status": .string(http + "/status"),
            "health": .string(http + "/health"),
        ])
    }

    private func status(_ request: HTTPRequest) -> HTTPResponse {
        let (http, socket) = addresses(request)
        let known = board.rescanner
        return .object([
            "status": "running", "pipeline_active": .bool(parts.hearing != nil),
            "event_clients": .integer(board.followerCount), "url": .string(http), "ws_url": .string(socket),
            "rescanner_url": rescanner, "rescanner_available": .bool(known?.isThere ?? false),
            "last_rescanner_ping": known.map { .double($0.at.palaverSeconds) } ?? .null,
        ])
    }

    /// As whoever asks reaches it.
    private func addresses(_ request: HTTPRequest) -> (http: String, socket: String) {
        let host = request.fields["Host"] ?? rule.alias.address.description
        let letter = request.isSecure ? "s" : ""
        return ("http\(letter)://\(host)", "ws\(letter)://\(host)")
    }

    // MARK: The rescanner

    private var rescanner: JSONValue { board.rescanner.map { .string($0.url) } ?? .null }

    /// A longer address than this is none.
    private static let addressLimit = 2_048

    private func register(_ socket: WebSocket) async {
        while let message = await socket.receive() {
            guard case .text(let text) = message, let value: JSONValue = try? JSONText.value(of: Array(text.utf8)),
                let url = value["url"]?.text, !url.isEmpty, url.utf8.count <= Self.addressLimit
            else {
                socket.send(Frame.text(PalaverReply.error(ErrorReply(WireError.missingField("url")))))
                continue
            }
            board.register(url)
            socket.send(Frame.text(PalaverReply.success))
        }
    }

    private static func waitForEnd(of socket: WebSocket) async {
        while await socket.receive() != nil {}
    }

    // MARK: Recording

    private func pause(_ isPaused: Bool, by call: Call) async throws(ErrorReply) -> HTTPResponse {
        guard let hearing = parts.hearing else { throw ErrorReply(.notSupported, "this server does not hear") }
        for source in await sources(call) {
            // One that ended in this moment needs no pause.
            try? await hearing.setPaused(isPaused, source.id, by: PalaverHand())
        }
        return .value(await recording(call))
    }

    private func sources(_ call: Call) async -> [SourceDescription] {
        let mine = Set(board.sources)
        return await parts.hearing?.list(visibleTo: call.grant).filter { mine.contains($0.id) } ?? []
    }

    private func recording(_ call: Call) async -> JSONValue {
        let sources = await sources(call)
        let isPaused = !sources.isEmpty && sources.allSatisfy(\.isPaused)
        return .object([
            "streaming": .bool(!sources.isEmpty), "paused": .bool(isPaused),
            "recording": .bool(!sources.isEmpty && !isPaused),
        ])
    }

    private func button(_ call: Call) async -> HTTPResponse {
        let isPaused = (await recording(call))["paused"] == .bool(true)
        let word = isPaused ? "resume" : "pause"
        var response = HTTPResponse.text(
            "<button hx-post=\"/ui/recording/\(word)\" hx-swap=\"outerHTML\">\(isPaused ? "Resume" : "Pause")</button>\n"
        )
        response.fields.set("Content-Type", "text/html; charset=utf-8")
        return response
    }
}

/// Somebody who pauses microphones from a page: is told nothing himself.
private final class PalaverHand: SourceLink {
    func control(_ source: SourceID, _ control: SourceControl) {}
}
