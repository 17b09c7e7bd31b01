import Net
import Wire
import JSON

extension HTTPResponse {
    /// What every answer of the API carries: nothing of it may be kept or guessed at.
    private static let fields: HTTPFields = ["Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"]

    /// A JSON object.
    ///
    /// - Parameter location: The path of what was made.
    static func object(
        _ members: [String: JSONValue], status: Int = 200, location: String? = nil
    ) -> HTTPResponse {
        value(.object(members), status: status, location: location)
    }

    /// Any JSON.
    ///
    /// - Parameter location: The path of what was made.
    static func value(_ value: JSONValue, status: Int = 200, location: String? = nil) -> HTTPResponse {
        var fields = fields
        if let location { fields.set("Location", location) }
        return json(status: status, bytes: JSONText.bytes(value), fields: fields)
    }

    /// An error, with the status that belongs to its code.
    init(_ error: ErrorReply) {
        var fields = Self.fields
        if error.code == .unauthenticated { fields.set("WWW-Authenticate", "Bearer realm=\"hearsay\"") }
        // RFC 9110, section 10.2.3: whole seconds.
        if let wait = error.retryAfter { fields.set("Retry-After", String(Int((wait / .seconds(1)).rounded(.up)))) }
        self = .json(status: error.code.status, bytes: error.body, fields: fields)
        refusal = error.code.rawValue
    }
}
