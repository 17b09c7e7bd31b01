/// One response; length, date and connection fields are added when it is sent.
///
/// An error too, so that what stands in the way of an answer can be thrown as the answer to give instead.
package struct HTTPResponse: Error, Sendable, Hashable {
    /// Three digits.
    package var status: Int
    /// Without `Content-Length`, `Transfer-Encoding`, `Connection` and `Date`, which are ours to set.
    package var fields: HTTPFields
    /// Not sent in answer to `HEAD`, but counted.
    package var body: [UInt8]
    /// The code of the error it tells, for whoever counts them; never sent.
    package var refusal: String?

    package init(status: Int, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Plain text in UTF-8.
    package static func text(_ text: String, status: Int = 200, fields: HTTPFields = [:]) -> HTTPResponse {
        typed("text/plain; charset=utf-8", status, Array(text.utf8), fields)
    }

    /// JSON, already encoded.
    package static func json(status: Int = 200, bytes: [UInt8], fields: HTTPFields = [:]) -> HTTPResponse {
        typed("application/json", status, bytes, fields)
    }

    private static func typed(_ type: String, _ status: Int, _ body: [UInt8], _ fields: HTTPFields) -> HTTPResponse {
        var fields = fields
        fields.set("Content-Type", type)
        return HTTPResponse(status: status, fields: fields, body: body)
    }

    /// The reason phrase of a status; empty for one that is not listed.
    package static func reason(_ status: Int) -> String { reasons[status] ?? "" }

    private static let reasons: [Int: String] = [
        100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
        206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
        403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout",
        409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large",
        414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed",
        421: "Misdirected Request", 422: "Unprocessable Content", 426: "Upgrade Required", 428: "Precondition Required",
        429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
        505: "HTTP Version Not Supported", 507: "Insufficient Storage",
    ]
}
