import JSON
import Net
import Wire

extension HTTPResponse {
    /// The fields of every answer of PAI's server.
    ///
    /// Pages of other ports are refused before they come here.
    private static let paiFields: HTTPFields = [
        "Access-Control-Allow-Origin": "http://localhost", "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
        "Access-Control-Allow-Headers": "Content-Type", "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    ]

    /// An answer in JSON as PAI's clients expect it.
    static func pai(_ members: JSONObject, status: Int = 200) -> HTTPResponse {
        .json(status: status, bytes: JSONText.bytes(JSONValue.object(members)), fields: paiFields)
    }

    /// What PAI's server says to those who ask for nothing in particular.
    static func paiText() -> HTTPResponse {
        .text("Voice Server - POST to /notify, /notify/personality, or /pai", fields: paiFields)
    }

    /// The answer to `OPTIONS`.
    static func paiOptions() -> HTTPResponse { HTTPResponse(status: 204, fields: paiFields) }

    /// `{"status":"error","message":…}`.
    static func paiError(_ message: String, status: Int, _ more: JSONObject = [:]) -> HTTPResponse {
        let members: JSONObject = ["status": "error", "message": .string(message)]
        return pai(members.merging(more) { own, _ in own }, status: status)
    }

    /// An error of the server in PAI's shape; the stable code comes with it.
    static func pai(_ error: ErrorReply) -> HTTPResponse {
        let native = HTTPResponse(error)
        let message = error.code == .rateLimited ? "Rate limit exceeded" : error.message
        var response = paiError(message, status: native.status, ["code": .string(error.code.rawValue)])
        for name in ["Retry-After", "WWW-Authenticate"] { response.fields[name] = native.fields[name] }
        response.refusal = native.refusal
        return response
    }
}
