import Net

/// What pages of allowed origins need to read an answer (the Fetch standard's CORS protocol).
enum CrossOrigin {
    /// What a page may read of an answer besides what it always may.
    private static let exposed = "Allow, ETag, Location, Retry-After, WWW-Authenticate"

    /// Whether a request only asks whether another one may follow.
    static func isPreflight(_ request: HTTPRequest) -> Bool {
        request.method == "OPTIONS" && request.fields["Access-Control-Request-Method"] != nil
    }

    /// The answer to a preflight; credentials (cookies, client certificates) are never asked for.
    static func preflight(_ request: HTTPRequest, methods: [String]) -> HTTPReply {
        var response = HTTPResponse(
            status: 204,
            fields: [
                "Access-Control-Allow-Methods": methods.joined(separator: ", "),
                "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
                "Access-Control-Max-Age": "600",
            ])
        // A page of a public site asks so before it reaches into a private network (Private Network Access).
        if request.fields["Access-Control-Request-Private-Network"] == "true" {
            response.fields.set("Access-Control-Allow-Private-Network", "true")
        }
        return .now(response)
    }

    /// The same answer, readable by that origin's pages.
    static func readable(_ reply: HTTPReply, by origin: String) -> HTTPReply {
        reply.withHead { head in
            head.fields.set("Access-Control-Allow-Origin", origin)
            head.fields.set("Access-Control-Expose-Headers", exposed)
        }
    }

    /// The same answer, marked as one that depends on who asks.
    static func varying(_ reply: HTTPReply) -> HTTPReply {
        reply.withHead { $0.fields.append("Vary", "Origin") }
    }
}

extension HTTPReply {
    /// The same reply with another head; those that become a WebSocket stay as they are.
    fileprivate func withHead(_ change: @escaping @Sendable (inout HTTPResponse) -> Void) -> HTTPReply {
        switch self {
        case .now(let response): .now(Self.changed(response, change))
        case .later(let work): .later { Self.changed(await work(), change) }
        case .stream(let head, let body): .stream(Self.changed(head, change), body)
        case .openLater(let work):
            .openLater { opener in
                try await work(opener.changing { Self.changed($0, change) }).map { Self.changed($0, change) }
            }
        case .webSocket, .refuseWebSocket: self
        }
    }

    private static func changed(
        _ response: HTTPResponse, _ change: (inout HTTPResponse) -> Void
    ) -> HTTPResponse {
        var response = response
        change(&response)
        return response
    }
}
