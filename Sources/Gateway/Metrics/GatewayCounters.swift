import Flow
import Net
import Wire

/// What came through the door since the server began.
package final class GatewayCounters: Sendable {
    /// Requests of one route with statuses of one class.
    struct RequestClass: Hashable, Comparable {
        /// The path of the route as it is declared, so that no id of a client becomes a label.
        let route: String
        /// The first digit.
        let status: Int

        static func < (left: RequestClass, right: RequestClass) -> Bool {
            (left.route, left.status) < (right.route, right.status)
        }
    }

    /// Who reads events now.
    let subscribers = Gauge()
    /// Facts that left the ring before a subscriber had read them.
    let lostEvents = Counter()
    private let requests = Monitor<[RequestClass: Int]>([:])
    private let refusals = Monitor<[ErrorCode: Int]>([:])

    package init() {}

    /// Counts a reply once its status is known.
    func counted(_ reply: HTTPReply, as route: String) -> HTTPReply {
        switch reply {
        case .now(let response):
            count(response, route)
        case .stream(let head, _):
            count(head, route)
        case .webSocket, .refuseWebSocket:
            count(HTTPResponse(status: 101), route)
        case .openLater(let work):
            return .openLater { [self] opener in
                let response = try await work(opener)
                count(response ?? HTTPResponse(status: 200), route)
                return response
            }
        case .later(let work):
            return .later { [self] in
                let response = await work()
                count(response, route)
                return response
            }
        }
        return reply
    }

    /// Counts a refusal that is no HTTP answer.
    func refused(_ code: ErrorCode) {
        refusals.withLock { $0[code, default: 0] += 1 }
    }

    private func count(_ response: HTTPResponse, _ route: String) {
        let requestClass = RequestClass(route: route, status: response.status / 100)
        requests.withLock { $0[requestClass, default: 0] += 1 }
        if let code = response.refusal.flatMap(ErrorCode.init) { refused(code) }
    }

    /// Requests so far.
    var requestCounts: [(RequestClass, Int)] {
        requests.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Refusals so far, on HTTP and WebSocket together; codes that never occurred are left out.
    var refusalCounts: [(ErrorCode, Int)] {
        refusals.withLock { $0 }.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }
}
