private import Flow
package import VoiceCore
package import JSON

extension ModelState {
    /// Members of `model.changed`: `state`, and of a failure `code` and `message`.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["state": .string(word)]
        if case .failed(let code, let message) = self {
            fields["code"] = .string(code)
            fields["message"] = .string(message)
        }
        return fields
    }
}

extension ModelTransfer {
    /// Members of `model.progress`: `received_bytes, total_bytes?, bytes_per_second?, time_left_ms?`.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["received_bytes": .integer(receivedByteCount)]
        fields["total_bytes"] = totalByteCount.map(JSONValue.integer)
        fields["bytes_per_second"] = bytesPerSecond.map(JSONValue.integer)
        fields["time_left_ms"] = timeLeft.map(JSONValue.milliseconds)
        return fields
    }
}

/// The body of `POST /v1/models/pull`.
package struct ModelPullRequest: Hashable, Sendable {
    /// As the built-in list names it.
    package var model: String
    /// Whether the caller agrees to a licence that asks for more.
    package var acceptsLicence: Bool

    /// Reads the body of a request.
    package init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        try self.init(&fields)
        try fields.end()
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        model = try fields.need("model_id", fields.text("model_id", limit: 64))
        acceptsLicence = try fields.flag("accept_licence") ?? false
    }
}
