package import JSON

/// The answer to a command on a WebSocket.
package struct Reply: Sendable {
    /// The `req` of the command exactly as it was written; nil if it had none.
    package var request: [UInt8]?
    package var type: String
    package var fields: [String: JSONValue]

    package init(_ type: String, to request: [UInt8]?, _ fields: [String: JSONValue] = [:]) {
        self.request = request
        self.type = type
        self.fields = fields
    }

    /// The answer to a command that was done.
    package static func ok(to request: [UInt8]?, _ fields: [String: JSONValue] = [:]) -> Reply {
        Reply("ok", to: request, fields)
    }

    /// The answer to a command that was refused.
    package static func error(to request: [UInt8]?, _ error: ErrorReply) -> Reply {
        Reply("error", to: request, error.fields)
    }

    /// Whether it must be sent: without `req` only failures are answered.
    package var isWanted: Bool { request != nil || type != "ok" }

    /// The message.
    package var json: [UInt8] {
        var fields = fields
        fields["type"] = .string(type)
        let body = JSONText.bytes(JSONValue.object(fields))
        guard let request else { return body }
        return Array("{\"req\":".utf8) + request + [UInt8(ascii: ",")] + body.dropFirst()
    }
}
