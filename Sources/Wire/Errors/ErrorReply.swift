package import JSON

/// An error as a client gets it: a stable code, a sentence, the field it is about, and the limit that was reached.
package struct ErrorReply: Error, Hashable, Sendable {
    package var code: ErrorCode
    /// What happened; nil where the advice says it all.
    private let what: String?
    /// What to do; empty where what happened says it all.
    package var advice: String
    package var field: String?
    /// How long to wait before another try.
    package var retryAfter: Duration?
    /// The name of the limit that was reached, as `welcome` lists it.
    package var limit: String?

    /// - Parameters:
    ///   - what: What happened, lower case, no full stop; what to do is added.
    ///   - advice: What to do here, where what the code says in general would lead astray; empty for nothing.
    package init(
        _ code: ErrorCode, _ what: String? = nil, advice: String? = nil, field: String? = nil, limit: String? = nil
    ) {
        self.code = code
        self.what = what
        self.advice = advice ?? code.advice
        self.field = field
        self.limit = limit
    }

    package init(_ error: WireError) {
        self.init(error.code, error.description, advice: error.advice, field: error.field)
    }

    /// What happened and what to do, lower case, no full stop.
    package var message: String { [what, advice].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ") }

    /// The body of an HTTP answer: `{"error":{"code","message","field?","limit?","retry_after_ms?"}}`.
    package var body: [UInt8] {
        JSONText.bytes(JSONValue.object(["error": .object(fields)]))
    }

    /// The members of an `error` message on a WebSocket.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["code": .string(code.rawValue), "message": .string(message)]
        fields["field"] = field.map(JSONValue.string)
        fields["retry_after_ms"] = retryAfter.map { .integer(Int(($0 / .milliseconds(1)).rounded(.up))) }
        fields["limit"] = limit.map(JSONValue.string)
        return fields
    }
}
