import Net
import VoiceCore
import Wire

/// Finds the endpoint of a request by path and method.
struct Router: Sendable {
    private let routes: [Route]
    /// Those without parameters by the parts of their path, which most requests ask for.
    private let fixed: [[String]: [Route]]
    private let doorkeeper: Doorkeeper
    private let counters: GatewayCounters

    init(routes: [Route], doorkeeper: Doorkeeper, counters: GatewayCounters) {
        self.routes = routes
        fixed = Dictionary(grouping: routes.filter { !$0.pattern.contains(nil) }) { $0.pattern.compactMap { $0 } }
        self.doorkeeper = doorkeeper
        self.counters = counters
    }

    /// The answer, errors included; called on a loop thread.
    func reply(to request: HTTPRequest) -> HTTPReply {
        do throws(ErrorReply) {
            return try find(request)
        } catch {
            return counters.counted(.now(HTTPResponse(error)), as: "none")
        }
    }

    /// What each route needs.
    var rules: [AccessRule] { routes.map { AccessRule(of: $0) } }

    /// Whether there is an endpoint for this path and method.
    func knows(_ request: HTTPRequest) -> Bool {
        methods(of: request).contains(request.method)
    }

    /// The methods of a request's path, for `Allow`; empty if there is no such path.
    func methods(of request: HTTPRequest) -> [String] {
        var methods = Set(routes.filter { $0.parameters(in: request.segments) != nil }.map(\.method))
        if methods.contains("GET") { methods.insert("HEAD") }
        return methods.sorted()
    }

    private func find(_ request: HTTPRequest) throws(ErrorReply) -> HTTPReply {
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let (route, parameters) = route(method, request.segments) else { return try refusal(request) }
        let reply = answer(route, request, parameters)
        return counters.counted(request.method == "HEAD" ? reply.headOnly : reply, as: route.path)
    }

    private func route(_ method: String, _ segments: [String]) -> (Route, parameters: [String])? {
        if let route = fixed[segments]?.first(where: { $0.method == method }) { return (route, []) }
        for route in routes where route.method == method {
            if let parameters = route.parameters(in: segments) { return (route, parameters) }
        }
        return nil
    }

    /// The answer where no route is found.
    private func refusal(_ request: HTTPRequest) throws(ErrorReply) -> HTTPReply {
        let methods = methods(of: request)
        guard !methods.isEmpty else { throw ErrorReply(.notFound, "there is nothing at this path") }
        var response = HTTPResponse(ErrorReply(.methodNotAllowed, "this path does not know the method"))
        response.fields.set("Allow", methods.joined(separator: ", "))
        return counters.counted(.now(response), as: "none")
    }

    private func answer(_ route: Route, _ request: HTTPRequest, _ parameters: [String]) -> HTTPReply {
        do throws(ErrorReply) {
            return try perform(route, request, parameters)
        } catch {
            return .now(route.dialect.response(to: error))
        }
    }

    private func perform(
        _ route: Route, _ request: HTTPRequest, _ parameters: [String]
    ) throws(ErrorReply) -> HTTPReply {
        switch route.answer {
        case .open(let answer):
            return try answer(request)
        case .guarded(let scopes, let answer):
            let grant: Grant
            do throws(Refusal) {
                grant = try doorkeeper.grant(of: request, anyOf: scopes)
            } catch {
                return doorkeeper.reply(error, in: route.dialect)
            }
            return try answer(Call(request: request, parameters: parameters, grant: grant))
        case .watched(let networks, let scopes, let answer):
            if !request.isForwarded, networks.contains(where: { $0.contains(request.peer.host) }) {
                return try answer(nil)
            }
            let grant: Grant
            do throws(Refusal) {
                grant = try doorkeeper.grant(of: request, anyOf: scopes)
            } catch {
                return doorkeeper.reply(error, in: route.dialect)
            }
            return try answer(grant)
        }
    }
}

extension HTTPReply {
    /// Without a stream's body, which would never end.
    fileprivate var headOnly: HTTPReply {
        if case .stream(let head, _) = self { .now(head) } else { self }
    }
}
