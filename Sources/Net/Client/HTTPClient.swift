import Flow
package import Secrets

/// Asks one server over HTTP; each request has a connection of its own.
package struct HTTPClient: Sendable {
    /// The server, with a path before all paths.
    package let base: URLParts
    private let bearer: String?
    private let trust: ServerTrust
    private let networks: [IPNetwork]?

    /// The largest body `send` collects.
    package static let bodyBytes = 256 << 20

    /// - Parameters:
    ///   - bearer: The token sent with every request.
    ///   - trust: Which certificates are accepted, for `https`.
    ///   - networks: The only ones that are asked, wherever the server's name leads; nil for all.
    package init(
        base: URLParts, bearer: String? = nil, trust: ServerTrust = ServerTrust(), networks: [IPNetwork]? = nil
    ) {
        self.networks = networks
        self.base = base
        self.bearer = bearer
        self.trust = trust
    }

    /// Whether the server's name leads now to addresses of other networks only; false where it leads nowhere.
    package func isForeign() async -> Bool {
        guard let networks else { return false }
        let addresses = await Resolver.addresses(of: base.host)
        return !addresses.isEmpty
            && addresses.allSatisfy { address in !networks.contains { $0.contains(address.text) } }
    }

    /// Asks, and waits for the whole answer, whatever its status.
    ///
    /// - Parameters:
    ///   - target: Path and query, percent-encoded; begins with `/`.
    ///   - timeout: For all of it.
    ///   - connectTimeout: Until there is a connection; the time limit counts from then.
    ///   - bodyLimit: A larger body is a bad answer.
    package func send(
        _ method: String, _ target: String, fields: HTTPFields = [:], body: [UInt8] = [],
        timeout: Duration = .seconds(30), connectTimeout: Duration? = nil, bodyLimit: Int = bodyBytes
    ) async throws(ClientError) -> HTTPResponse {
        let call = try await start(method, target, fields, body, timeout, connectTimeout, limitsBody: true)
        let head = try await call.head()
        var bytes: [UInt8] = []
        while let piece = try await call.nextPiece() {
            bytes += piece
            guard bytes.count <= bodyLimit else {
                call.cancel()
                throw .badResponse
            }
        }
        return HTTPResponse(status: head.status, fields: head.fields, body: bytes)
    }

    /// Asks, and hands over the answer's body as it comes.
    ///
    /// - Parameters:
    ///   - timeout: Until the head is there.
    ///   - connectTimeout: Until there is a connection; the time limit counts from then.
    package func stream(
        _ method: String, _ target: String, fields: HTTPFields = [:], body: [UInt8] = [],
        timeout: Duration = .seconds(30), connectTimeout: Duration? = nil
    ) async throws(ClientError) -> HTTPBodyStream {
        let call = try await start(method, target, fields, body, timeout, connectTimeout, limitsBody: false)
        return HTTPBodyStream(head: try await call.head(), call: call)
    }

    private func start(
        _ method: String, _ target: String, _ fields: HTTPFields, _ body: [UInt8], _ timeout: Duration,
        _ connectTimeout: Duration?, limitsBody: Bool
    ) async throws(ClientError) -> ClientCall {
        var all: HTTPFields = ["Host": base.authority, "Connection": "close"]
        if let bearer { all.append("Authorization", "Bearer \(bearer)") }
        for field in fields.lines { all.append(field.name, field.value) }
        let prefix = base.target.hasSuffix("/") ? String(base.target.dropLast()) : base.target
        let request = MessageEncoder.request(method: method, target: prefix + target, fields: all, body: body)
        return try await ClientCall.start(
            at: base, trust: trust, method: method, request: request, purpose: .http, timeout: timeout,
            connectTimeout: connectTimeout, limitsBody: limitsBody, networks: networks)
    }
}

/// An answer whose body comes piece by piece; letting go of it ends the connection.
package final class HTTPBodyStream: Sendable {
    /// Three digits.
    package let status: Int
    /// As the server sent them.
    package let fields: HTTPFields
    private let call: ClientCall

    init(head: ResponseHead, call: ClientCall) {
        status = head.status
        fields = head.fields
        self.call = call
    }

    deinit { call.cancel() }

    /// The next bytes; nil at the proper end of the body.
    package func next() async throws(ClientError) -> [UInt8]? { try await call.nextPiece() }
}

extension ClientCall {
    /// Resolves, dials and sends.
    static func start(
        at place: URLParts, trust: ServerTrust, method: String, request: [UInt8], purpose: Purpose,
        timeout: Duration, connectTimeout: Duration? = nil, limitsBody: Bool, networks: [IPNetwork]? = nil
    ) async throws(ClientError) -> ClientCall {
        let tls = place.isSecure ? try ClientTLS(trust, host: place.host) : nil
        guard let thread = ClientLoop.thread else { throw .unreachable(place.authority) }
        let found = await Timeline.live().limit(connectTimeout ?? timeout) { await Resolver.addresses(of: place.host) }
        if Task.isCancelled { throw .cancelled }
        guard var addresses = found else { throw .timedOut }
        guard !addresses.isEmpty else { throw .unreachable(place.authority) }
        if let networks {
            // The addresses that are looked at are those that are dialled: a name cannot change in between.
            addresses.removeAll { address in !networks.contains { $0.contains(address.text) } }
            guard !addresses.isEmpty else { throw .foreignNetwork(place.authority) }
        }
        let call = ClientCall(
            method: method, request: request, purpose: purpose, timeout: timeout,
            connectTimeout: connectTimeout, limitsBody: limitsBody, place: place.authority, tls: tls, thread: thread)
        call.start(addresses, port: place.port)
        return call
    }
}
