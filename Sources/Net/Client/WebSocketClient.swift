package import Secrets

/// Opens WebSockets to servers.
package enum WebSocketClient {
    /// Connects, and waits until the server has agreed.
    ///
    /// - Parameters:
    ///   - url: `ws://host:port/path`, or the same with `wss`.
    ///   - trust: Which certificates are accepted, for `wss`.
    ///   - protocols: What is offered, the preferred one first.
    ///   - fields: Sent with the handshake, `Authorization` for one.
    ///   - kind: How much may wait unsent.
    ///   - messageBytes: The largest message that is taken.
    ///   - timeout: For connecting and the handshake together.
    package static func connect(
        to url: String, trust: ServerTrust = ServerTrust(), protocols: [String] = [], fields: HTTPFields = [:],
        kind: QueueKind = .live, messageBytes: Int = 16 << 20, timeout: Duration = .seconds(10)
    ) async throws(ClientError) -> WebSocket {
        let place = try URLParts(url)
        let handshake = ClientHandshake(protocols: protocols)
        var all: HTTPFields = ["Host": place.authority]
        for field in handshake.fields.lines + fields.lines { all.append(field.name, field.value) }
        let request = MessageEncoder.request(method: "GET", target: place.target, fields: all, body: [])
        let options = WebSocketOptions(role: .client, kind: kind, messageBytes: messageBytes)
        let call = try await ClientCall.start(
            at: place, trust: trust, method: "GET", request: request, purpose: .webSocket(handshake, options),
            timeout: timeout,
            limitsBody: true)
        return try await call.socket()
    }
}
