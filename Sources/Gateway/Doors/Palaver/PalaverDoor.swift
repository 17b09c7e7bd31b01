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
            .guarded("GET", "/status", anyOf: .events) { call in .now(.object(status(call.request))) },
        ] + PalaverDraftList(parts: parts).routes + pages.routes
    }

    func socket(for request: HTTPRequest) -> DoorSocket? {
        switch request.path {
        case "/audio":
            DoorSocket(scopes: .capture) { socket, grant in
                await PalaverMicrophone(
                    socket, grant, session: session(of: grant), parts: parts, board: board, records: rule.alias.records
                ).serve()
            }
        case "/events":
            DoorSocket(scopes: .events) { socket, grant in
                await PalaverListening(socket, grant, session: session(of: grant), parts: parts, board: board).serve()
            }
        case "/new_draft":
            DoorSocket(scopes: .capture) { socket, grant in
                await PalaverDraftBox(parts: parts, board: board, grant: grant, session: session(of: grant))
                    .serve(socket)
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

    private var pages: PalaverPages {
        PalaverPages(parts: parts, board: board, status: { status($0) }, session: { session(of: $0) })
    }

    func page(at path: String) -> String? {
        switch path {
        case "/": "palaver/index.html"
        case "/events": "palaver/events.html"
        default: nil
        }
    }

    func fallback(for request: HTTPRequest, isNative: Bool) -> HTTPResponse? { nil }

    private func session(of grant: Grant) -> SessionID { grant.session ?? session }

    // MARK: Telling where what is

    private func index(_ request: HTTPRequest) -> HTTPResponse {
        let (http, socket) = addresses(request)
        return .object([
            "event_stream": .string(socket + "/events"), "add_stream": .string(socket + "/new_draft"),
            "audio_stream": .string(socket + "/audio"), "drafts": .string(http + "/drafts"),
            "register_rescanner": .string(socket + "/register_rescanner"), "status": .string(http + "/status"),
            "health": .string(http + "/health"),
        ])
    }

    private func status(_ request: HTTPRequest) -> JSONObject {
        let (http, socket) = addresses(request)
        let known = board.rescanner
        return [
            "status": "running", "pipeline_active": .bool(parts.hearing != nil),
            "event_clients": .integer(board.followerCount), "url": .string(http), "ws_url": .string(socket),
            "rescanner_url": rescanner, "rescanner_available": .bool(known?.isThere ?? false),
            "last_rescanner_ping": known.map { .double($0.at.palaverSeconds) } ?? .null,
        ]
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
                socket.send(Frame.text(PalaverReply.error(ErrorReply(WireError.missingField("url")), at: .events)))
                continue
            }
            board.register(url)
            socket.send(Frame.text(PalaverReply.success))
        }
    }

    private static func waitForEnd(of socket: WebSocket) async {
        while await socket.receive() != nil {}
    }
}
