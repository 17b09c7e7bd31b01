package import Flow
package import Net
package import VoiceCore
import Wire

/// The one door of the server: pages, the HTTP API and the WebSocket, behind the same checks.
package struct Gateway: HTTPHandler {
    /// Serves a WebSocket that passed the checks; the grant is nil when its token comes with `hello`.
    package typealias SocketHandler = @Sendable (WebSocket, HTTPRequest, Grant?) async -> Void

    /// PROTOCOL.md, section 4.
    private static let subprotocol = "hearsay.v1"

    private let doorkeeper: Doorkeeper
    private let pages: Pages
    private let router: Router
    private let debugEcho: DebugEcho?
    private let socketHandler: SocketHandler

    /// - Parameter hasDebugEcho: Whether `/debug/echo` is open.
    package init(
        parts: GatewayParts, hosts: HostCheck = HostCheck(), origins: OriginCheck = OriginCheck(),
        pages: Pages = Pages(), hasDebugEcho: Bool = false, log: Log = Log(label: "gateway"),
        socketHandler: @escaping SocketHandler
    ) {
        let doorkeeper = Doorkeeper(hosts: hosts, origins: origins, access: parts.access, log: log)
        self.doorkeeper = doorkeeper
        self.pages = pages
        debugEcho = hasDebugEcho ? DebugEcho(doorkeeper: doorkeeper) : nil
        self.socketHandler = socketHandler
        router = Router(
            routes: HealthEndpoints(parts: parts).routes + SpeakEndpoints(parts: parts).routes
                + CatalogueEndpoints(parts: parts).routes + SessionEndpoints(parts: parts).routes
                + EventEndpoints(parts: parts).routes + TokenEndpoints(parts: parts, log: log).routes
                + StopEndpoints(parts: parts, log: log).routes + OpenAIEndpoints(parts: parts).routes,
            doorkeeper: doorkeeper)
    }

    /// Answers a page, a request or an upgrade; called on a loop thread.
    package func reply(to request: HTTPRequest) -> HTTPReply {
        switch WebSocketUpgrade.detect(request) {
        case nil: page(request)
        case .failure(let response): .now(response)
        case .success(let upgrade): socket(upgrade, request)
        }
    }

    private func page(_ request: HTTPRequest) -> HTTPReply {
        let verdict: OriginCheck.Verdict
        do throws(ErrorReply) {
            verdict = try doorkeeper.admit(request)
        } catch {
            return .now(HTTPResponse(error))
        }
        guard case .allowed(let origin) = verdict else { return answer(request) }
        if request.method == "OPTIONS", request.fields["Access-Control-Request-Method"] != nil {
            return .now(CrossOrigin.preflight(methods: router.methods(of: request.path), origin: origin))
        }
        return CrossOrigin.readable(answer(request), by: origin)
    }

    private func answer(_ request: HTTPRequest) -> HTTPReply {
        let isReading = request.method == "GET" || request.method == "HEAD"
        guard let page = pages.response(to: request) else { return router.reply(to: request) }
        if isReading { return .now(page) }
        var refusal = HTTPResponse(ErrorReply(.methodNotAllowed, "this path does not know the method"))
        refusal.fields.set("Allow", "GET, HEAD")
        return .now(refusal)
    }

    /// Refusals are accepted and then closed: a browser cannot see an HTTP status here.
    private func socket(_ upgrade: WebSocketUpgrade, _ request: HTTPRequest) -> HTTPReply {
        var upgrade = upgrade
        if upgrade.offeredProtocols.contains(Self.subprotocol) { upgrade.selectedProtocol = Self.subprotocol }
        do throws(ErrorReply) {
            _ = try doorkeeper.admit(request)
            if let debugEcho, DebugEcho.isAsked(for: request) { return try debugEcho.reply(to: upgrade, request) }
            guard request.path == "/v1/ws" else { throw ErrorReply(.notFound, "there is no WebSocket at this path") }
            guard upgrade.offeredProtocols.isEmpty || upgrade.selectedProtocol != nil else {
                throw ErrorReply(.notSupported, "the only subprotocol here is \(Self.subprotocol)")
            }
            let grant = try doorkeeper.grantIfShown(request)
            return .webSocket(upgrade) { [socketHandler] socket in await socketHandler(socket, request, grant) }
        } catch {
            return .refuseWebSocket(upgrade, code: error.code.closeCode, reason: error.code.rawValue)
        }
    }
}
