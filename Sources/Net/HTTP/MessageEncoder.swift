/// Writes heads, bodies and chunks.
enum MessageEncoder {
    /// What the head of a response says about the body behind it.
    enum ResponseBody {
        /// All of it, counted.
        case whole([UInt8])
        /// As `whole`, but only counted: the answer to `HEAD`.
        case counted(Int)
        case chunked
        /// Neither length nor body, as after 101.
        case none
    }

    static func response(_ response: HTTPResponse, body: ResponseBody, closes: Bool, date: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + response.body.count)
        append(line: "HTTP/1.1 \(response.status) \(HTTPResponse.reason(response.status))", to: &bytes)
        append(fields: response.fields, to: &bytes)
        append(field: "Date", date, to: &bytes)
        if closes { append(field: "Connection", "close", to: &bytes) }
        switch body {
        case .whole where isBodyless(response.status), .counted where isBodyless(response.status), .none: break
        case .whole(let body): append(field: "Content-Length", String(body.count), to: &bytes)
        case .counted(let count): append(field: "Content-Length", String(count), to: &bytes)
        case .chunked: append(field: "Transfer-Encoding", "chunked", to: &bytes)
        }
        append(line: "", to: &bytes)
        if case .whole(let body) = body, !isBodyless(response.status) { bytes.append(contentsOf: body) }
        return bytes
    }

    static func request(method: String, target: String, fields: HTTPFields, body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(line: "\(method) \(target) HTTP/1.1", to: &bytes)
        append(fields: fields, to: &bytes)
        if !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) {
            append(field: "Content-Length", String(body.count), to: &bytes)
        }
        append(line: "", to: &bytes)
        bytes.append(contentsOf: body)
        return bytes
    }

    /// One chunk of a chunked body; none for no bytes, since that would end the body.
    static func chunk(_ piece: [UInt8]) -> [UInt8] {
        guard !piece.isEmpty else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(piece.count + 12)
        append(line: String(piece.count, radix: 16), to: &bytes)
        bytes.append(contentsOf: piece)
        append(line: "", to: &bytes)
        return bytes
    }

    /// The end of a chunked body.
    static let lastChunk: [UInt8] = Array("0\r\n\r\n".utf8)

    /// What a waiting client is told before it sends its body.
    static let proceed: [UInt8] = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// RFC 9110, sections 15.3.5 and 15.4.5.
    static func isBodyless(_ status: Int) -> Bool { status == 204 || status == 304 || status / 100 == 1 }

    private static func append(fields: HTTPFields, to bytes: inout [UInt8]) {
        for field in fields.lines { append(field: field.name, field.value, to: &bytes) }
    }

    /// A field that could end its line early is left out: its value came from somewhere it should not have.
    private static func append(field name: String, _ value: String, to bytes: inout [UInt8]) {
        guard HTTPSyntax.isToken(name), HTTPSyntax.isFieldValue(value) else { return }
        bytes.append(contentsOf: name.utf8)
        bytes.append(HTTPSyntax.colon)
        bytes.append(HTTPSyntax.space)
        append(line: value, to: &bytes)
    }

    private static func append(line: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: line.utf8)
        bytes.append(HTTPSyntax.carriageReturn)
        bytes.append(HTTPSyntax.lineFeed)
    }
}
