import JSON
import Net
import Wire

extension HTTPResponse {
    /// An error in the shape that OpenAI's clients read: `{"error":{"message","type","param","code"}}`.
    static func openAI(_ error: ErrorReply) -> HTTPResponse {
        var response = HTTPResponse(error)
        let type =
            error.code.status == 429
            ? "rate_limit_error" : error.code.status < 500 ? "invalid_request_error" : "server_error"
        response.body = JSONText.bytes(
            JSONValue.object([
                "error": .object([
                    "message": .string(error.message), "type": .string(type),
                    "param": error.field.map(JSONValue.string) ?? .null, "code": .string(error.code.rawValue),
                ])
            ]))
        return response
    }
}
