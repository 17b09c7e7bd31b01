import Net

/// What pages of allowed origins need to read an answer (the Fetch standard's CORS protocol).
enum CrossOrigin {
    /// The answer to a preflight.
    static func preflight(methods: [String], origin: String) -> HTTPResponse {
        let response = HTTPResponse(
            status: 204,
            fields: [
                "Access-Control-Allow-Methods": methods.joined(separator: ", "),
                "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
                "Access-Control-Max-Age": "600",
            ])
        return readable(response, by: origin)
    }

    /// The same answer, readable by that origin's pages.
    static func readable(_ reply: HTTPReply, by origin: String) -> HTTPReply {
        switch reply {
        case .now(let response): .now(readable(response, by: origin))
        case .later(let work): .later { readable(await work(), by: origin) }
        case .stream(let head, let body): .stream(readable(head, by: origin), body)
        case .openLater(let work):
            .openLater { opener in
                try await work(opener.changing { readable($0, by: origin) }).map { readable($0, by: origin) }
            }
        case .webSocket, .refuseWebSocket: reply
        }
    }

    private static func readable(_ response: HTTPResponse, by origin: String) -> HTTPResponse {
        var response = response
        response.fields.set("Access-Control-Allow-Origin", origin)
        response.fields.append("Vary", "Origin")
        return response
    }
}
