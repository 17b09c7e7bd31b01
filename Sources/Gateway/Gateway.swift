package import Flow
package import Net
package import VoiceCore
import Wire

/// The one door of the server: pages, the HTTP API and the WebSocket, behind the same checks.
package final class Gateway: HTTPHandler {
    /// Serves a WebSocket that passed the checks; the grant is nil when its token comes with `hello`.
    package typealias SocketHandler = @Sendable (WebSocket, HTTPRequest, Grant?) async -> Void

    /// PROTOCOL.md, section 4.
    private static let subprotocol = "hearsay.v1"

    private let doorkeeper: Doorkeeper
    private let pages: Pages
    private let router: Router
    private let debugEcho: DebugEcho?
    private let counters: GatewayCounters
    private let socketHandler: SocketHandler
    /// The doors in other systems' dialects, by the address they are at.
    private let doorways: [Int: Doorway]

    /// - Parameters:
    ///   - hasDebugEcho: Whether `/debug/echo` is open.
    ///   - aliases: The doors in other systems' dialects, by the number of the address they are at.
    package init(
        parts: GatewayParts, rules: DoorRules = DoorRules(), pages: Pages = Pages(), hasDebugEcho: Bool = false,
        aliases: [Int: Alias] = [:], workshop: DoorWorkshop = DoorWorkshop(),
        log: Log = Log(label: "gateway"), socketHandler: @escaping SocketHandler
    ) {
        let doorkeeper = Doorkeeper(rules: rules, parts: parts, log: log)
        self.doorkeeper = doorkeeper
        self.pages = pages
        debugEcho = hasDebugEcho ? DebugEcho() : nil
        self.socketHandler = socketHandler
        doorways = aliases.mapValues { Doorway($0, parts: parts, workshop: workshop, doorkeeper: doorkeeper) }
        counters = parts.counters
        let routes = Self.routes(parts, log)
        router = Router(
            routes: routes + DescriptionEndpoints(of: routes, version: parts.server.version).routes,
            doorkeeper: doorkeeper, counters: parts.counters)
    }

    private static func routes(_ parts: GatewayParts, _ log: Log) -> [Route] {
        HealthEndpoints(parts: parts).routes + SpeakEndpoints(parts: parts).routes
            + JobEndpoints(parts: parts).routes + DraftEndpoints(parts: parts).routes
            + TranscriptEndpoints(parts: parts).routes + CatalogueEndpoints(parts: parts).routes
            + SourceEndpoints(parts: parts).routes
            + SessionEndpoints(parts: parts).routes + QueueEndpoints(parts: parts).routes
            + EventEndpoints(parts: parts).routes + TokenEndpoints(parts: parts, log: log).routes
            + StopEndpoints(parts: parts, log: log).routes + OpenAIEndpoints(parts: parts).routes
            + TranscriptionEndpoints(parts: parts).routes + SpeechCheckEndpoints(parts: parts).routes
            + MetricsEndpoints(parts: parts).routes + ModelEndpoints(parts: parts).routes
    }

    /// Lets others in from the next request on; sockets that are open stay.
    package func replace(rules: DoorRules) { doorkeeper.replace(rules: rules) }

    /// What each route needs; the pages need nothing.
    package var accessRules: [AccessRule] { router.rules }

    /// Answers a page, a request or an upgrade; called on a loop thread.
    package func reply(to request: HTTPRequest) -> HTTPReply {
        let request = doorkeeper.unwrapped(request)
        switch WebSocketUpgrade.detect(request) {
        case nil:
            let reply = page(request)
            return doorkeeper.tellsOriginsApart ? CrossOrigin.varying(reply) : reply
        case .failure(let response): return counters.counted(.now(response), as: "none")
        case .success(let upgrade): return counters.counted(socket(upgrade, request), as: "websocket")
        }
    }

    private func page(_ request: HTTPRequest) -> HTTPReply {
        let verdict: OriginCheck.Verdict
        do throws(ErrorReply) {
            verdict = try doorkeeper.admit(request)
        } catch {
            return counters.counted(.now(HTTPResponse(error)), as: "none")
        }
        guard case .allowed(let origin) = verdict else { return counted(request, answer) }
        let reply = counted(request) { request in
            CrossOrigin.isPreflight(request)
                ? CrossOrigin.preflight(request, methods: methods(of: request)) : answer(request)
        }
        return CrossOrigin.readable(reply, by: origin)
    }

    private func counted(_ request: HTTPRequest, _ answer: (HTTPRequest) -> HTTPReply) -> HTTPReply {
        do throws(ErrorReply) {
            try doorkeeper.count(request)
            return answer(request)
        } catch {
            return counters.counted(.now(HTTPResponse(error)), as: "none")
        }
    }

    private func methods(of request: HTTPRequest) -> [String] {
        pages.hasPage(at: request.path) ? ["GET", "HEAD"] : router.methods(of: request)
    }

    private func answer(_ request: HTTPRequest) -> HTTPReply {
        if let doorway = doorways[request.entrance],
            let reply = doorway.reply(to: request, isNative: !methods(of: request).isEmpty)
        {
            return reply
        }
        var wanted = request
        if let page = doorways[request.entrance]?.page(at: request.path) { wanted.path = "/web/" + page }
        let isReading = request.method == "GET" || request.method == "HEAD"
        guard let page = pages.response(to: wanted) else { return router.reply(to: request) }
        if isReading { return counters.counted(.now(page), as: "page") }
        var refusal = HTTPResponse(ErrorReply(.methodNotAllowed, "this path does not know the method"))
        refusal.fields.set("Allow", "GET, HEAD")
        return counters.counted(.now(refusal), as: "page")
    }

    private func socket(_ upgrade: WebSocketUpgrade, _ request: HTTPRequest) -> HTTPReply {
        var upgrade = upgrade
        if upgrade.offeredProtocols.contains(Self.subprotocol) { upgrade.selectedProtocol = Self.subprotocol }
        do throws(ErrorReply) {
            _ = try doorkeeper.admit(request)
            try doorkeeper.count(request)
            if isNative(request) { try check(upgrade, at: request.path) }
        } catch {
            counters.refused(error.code)
            return doorkeeper.reply(Refusal(error), to: upgrade)
        }
        do throws(Refusal) {
            if let reply = try doorways[request.entrance]?.socket(upgrade, request) { return reply }
            let grant = try doorkeeper.grantIfShown(request)
            if let debugEcho, isEcho(request) { return try debugEcho.reply(to: upgrade, request, grant) }
            return .webSocket(upgrade) { [socketHandler] socket in await socketHandler(socket, request, grant) }
        } catch {
            counters.refused(error.error.code)
            return doorkeeper.reply(error, to: upgrade)
        }
    }

    /// Whether the WebSocket that is asked for is the server's own, if there is one.
    private func isNative(_ request: HTTPRequest) -> Bool {
        !isEcho(request) && doorways[request.entrance]?.hasSocket(for: request) != true
    }

    private func isEcho(_ request: HTTPRequest) -> Bool { debugEcho != nil && DebugEcho.isAsked(for: request) }

    private func check(_ upgrade: WebSocketUpgrade, at path: String) throws(ErrorReply) {
        guard path == "/v1/ws" else { throw ErrorReply(.notFound, "there is no WebSocket at this path") }
        guard upgrade.offeredProtocols.isEmpty || upgrade.selectedProtocol != nil else {
            throw ErrorReply(.notSupported, "the only subprotocol here is \(Self.subprotocol)")
        }
    }
}
