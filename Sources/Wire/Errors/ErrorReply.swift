package import JSON

/// An error as a client gets it: a stable code, a sentence, and the field it is about.
package struct ErrorReply: Error, Hashable, Sendable {
    package var code: ErrorCode
    package var message: String
    package var field: String?
    /// How long to wait before another try.
    package var retryAfter: Duration?

    /// - Parameter what: What happened, lower case, no full stop; what to do is added.
    package init(_ code: ErrorCode, _ what: String? = nil, field: String? = nil) {
        self.code = code
        message = what.map { "\($0); \(code.advice)" } ?? code.advice
        self.field = field
    }

    package init(_ error: WireError) {
        self.init(error.code, error.description, field: error.field)
    }

    /// The body of an HTTP answer: `{"error":{"code","message","field?","retry_after_ms?"}}`.
    package var body: [UInt8] {
        JSONText.bytes(JSONValue.object(["error": .object(fields)]))
    }

    /// The members of an `error` message on a WebSocket.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["code": .string(code.rawValue), "message": .string(message)]
        fields["field"] = field.map(JSONValue.string)
        fields["retry_after_ms"] = retryAfter.map { .integer(Int(($0 / .milliseconds(1)).rounded(.up))) }
        return fields
    }
}
