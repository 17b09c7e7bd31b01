import Secrets

/// The client's half of the opening handshake (RFC 6455, section 4.1).
struct ClientHandshake {
    /// Why a server's answer makes no WebSocket.
    enum Refusal: Error, Hashable {
        case status(Int)
        case badAnswer
    }

    private let key: String
    private let protocols: [String]

    /// - Parameter nonce: 16 random bytes.
    init(protocols: [String], nonce: [UInt8] = SecureRandom.bytes(16)) {
        self.protocols = protocols
        key = Base64.encode(nonce)
    }

    /// The fields of the request, beside `Host`.
    var fields: HTTPFields {
        var fields: HTTPFields = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13",
        ]
        if !protocols.isEmpty { fields.append("Sec-WebSocket-Protocol", protocols.joined(separator: ", ")) }
        return fields
    }

    /// Checks the answer.
    ///
    /// - Returns: The subprotocol the server picked.
    func check(_ head: ResponseHead) throws(Refusal) -> String? {
        guard head.status == 101 else { throw .status(head.status) }
        let picked = head.fields.all("Sec-WebSocket-Protocol")
        guard head.fields.tokens("Upgrade") == ["websocket"], head.fields.tokens("Connection").contains("upgrade"),
            head.fields.all("Sec-WebSocket-Accept") == [WebSocketUpgrade.accept(key: key)],
            head.fields["Sec-WebSocket-Extensions"] == nil,
            picked.count <= 1, picked.allSatisfy({ protocols.contains($0) })
        else { throw .badAnswer }
        return picked.first
    }
}
