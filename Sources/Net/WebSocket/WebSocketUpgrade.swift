import Secrets

/// How much may wait on a WebSocket that takes too little.
package enum QueueKind: Sendable, Hashable {
    /// Audio and events of the moment: a small kernel buffer, at most 1 MiB unsent unless set otherwise, something taken every 30 s.
    case live
    /// Whole files: the kernel's own buffer, at most 64 MiB unsent, something taken every 30 s.
    case blob

    /// Unsent bytes above which the connection is closed with 1013.
    var byteLimit: Int { self == .live ? 1 << 20 : 64 << 20 }
}

/// A valid request to become a WebSocket (RFC 6455, section 4.2), seen from the server.
package struct WebSocketUpgrade: Sendable {
    /// What the client offers, in its order, as written.
    package let offeredProtocols: [String]
    /// What the server picks of it; set before replying, to one of those offered.
    package var selectedProtocol: String?
    /// How much may wait unsent.
    package var kind: QueueKind = .live
    /// The largest message that is taken here, in bytes; nil for the server's own limit.
    package var messageBytes: Int?

    private let key: String

    /// Reads the handshake.
    ///
    /// - Returns: Nil if the request asks for no WebSocket; a failure (400, 426) if it asks wrongly.
    package static func detect(_ request: HTTPRequest) -> Result<WebSocketUpgrade, HTTPResponse>? {
        guard request.fields.tokens("Upgrade").contains("websocket") else { return nil }
        let keys = request.fields.all("Sec-WebSocket-Key")
        guard request.method == "GET", request.body.isEmpty,
            request.fields.tokens("Connection").contains("upgrade"),
            keys.count == 1, Base64.isSixteenBytes(keys[0])
        else { return .failure(.text("bad WebSocket handshake\n", status: 400)) }
        guard request.fields.all("Sec-WebSocket-Version") == ["13"] else {
            return .failure(
                .text(
                    "only WebSocket version 13 is spoken here\n", status: 426,
                    fields: ["Sec-WebSocket-Version": "13", "Upgrade": "websocket", "Connection": "Upgrade"]))
        }
        return .success(
            WebSocketUpgrade(offeredProtocols: request.fields.items("Sec-WebSocket-Protocol"), key: keys[0]))
    }

    private init(offeredProtocols: [String], key: String) {
        self.offeredProtocols = offeredProtocols
        self.key = key
    }

    /// The answer that makes the connection a WebSocket.
    var response: HTTPResponse {
        var fields: HTTPFields = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": Self.accept(key: key),
        ]
        if let selectedProtocol { fields.append("Sec-WebSocket-Protocol", selectedProtocol) }
        return HTTPResponse(status: 101, fields: fields)
    }

    /// RFC 6455, section 1.3: proof that the other end read the key.
    static func accept(key: String) -> String {
        Base64.encode(SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }
}
