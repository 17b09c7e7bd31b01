import Net
import VoiceCore
import Wire

/// One system's dialect: what is answered at an alias besides the server's own interface.
protocol ForeignDoor: Sendable {
    /// The requests of the dialect; they go before the server's own where both know a path.
    var routes: [Route] { get }

    /// The WebSocket of the dialect at a path; nil where it has none.
    func socket(for request: HTTPRequest) -> DoorSocket?

    /// The page of the dialect at a path, by its place below `Web/`; nil where it has none.
    func page(at path: String) -> String?

    /// The dialect's answer to what it has no route for.
    ///
    /// - Parameter isNative: Whether the server itself knows the path.
    /// - Returns: Nil where the server answers in its own way.
    func fallback(for request: HTTPRequest, isNative: Bool) -> HTTPResponse?
}

extension ForeignDoor {
    func page(at path: String) -> String? { nil }
}

/// A WebSocket of a dialect.
struct DoorSocket: Sendable {
    /// What a token must allow.
    let scopes: Scopes
    /// How much may wait unsent.
    var kind = QueueKind.live
    /// Whether the token may stand in the URL, as some clients cannot send it otherwise.
    var takesTokenInQuery = false
    /// Whether requests that may come without a token elsewhere need one here.
    var needsToken = false
    /// Serves it until it is over.
    let serve: @Sendable (WebSocket, Grant) async -> Void
}

/// One address of the server at which a dialect is spoken.
struct Doorway: Sendable {
    private let door: any ForeignDoor
    private let router: Router
    private let doorkeeper: Doorkeeper
    private let access: AccessTable
    private let counters: GatewayCounters

    init(_ alias: Alias, parts: GatewayParts, workshop: DoorWorkshop, doorkeeper: Doorkeeper) {
        let rule = VisitorRule(alias: alias)
        var doorkeeper = doorkeeper
        doorkeeper.visitors = rule
        self.doorkeeper = doorkeeper
        access = parts.access
        counters = parts.counters
        door = workshop.door(rule, parts)
        router = Router(routes: door.routes, doorkeeper: doorkeeper, counters: parts.counters)
    }

    /// - Parameter isNative: Whether the server itself knows the path.
    /// - Returns: Nil for what the server answers in its own way.
    func reply(to request: HTTPRequest, isNative: Bool) -> HTTPReply? {
        if router.knows(request) { return router.reply(to: request) }
        return door.fallback(for: request, isNative: isNative).map {
            counters.counted(.now($0), as: "page")
        }
    }

    func page(at path: String) -> String? { door.page(at: path) }

    func hasSocket(for request: HTTPRequest) -> Bool { door.socket(for: request) != nil }

    /// - Returns: Nil where the dialect has no WebSocket at this path.
    func socket(_ upgrade: WebSocketUpgrade, _ request: HTTPRequest) throws(Refusal) -> HTTPReply? {
        guard let socket = door.socket(for: request) else { return nil }
        let grant = try grant(for: socket, request)
        var upgrade = upgrade
        upgrade.kind = socket.kind
        return .webSocket(upgrade) { [access] connection in
            // A visitor's grant is in no table, and never ends.
            guard access.isLiving(grant) else { return await socket.serve(connection, grant) }
            let isOver: Bool? = await access.whileLiving(grant) {
                await socket.serve(connection, grant)
                return true
            }
            if isOver == nil {
                connection.close(code: ErrorCode.unauthenticated.closeCode, reason: ErrorCode.unauthenticated.rawValue)
            }
        }
    }

    private func grant(for socket: DoorSocket, _ request: HTTPRequest) throws(Refusal) -> Grant {
        var request = request
        if socket.takesTokenInQuery, let token = request.query["token"], request.fields["Authorization"] == nil {
            request.fields.set("Authorization", "Bearer \(token)")
        }
        if socket.needsToken {
            var strict = doorkeeper
            strict.visitors = nil
            return try strict.grant(of: request, anyOf: socket.scopes)
        }
        return try doorkeeper.grant(of: request, anyOf: socket.scopes)
    }
}
