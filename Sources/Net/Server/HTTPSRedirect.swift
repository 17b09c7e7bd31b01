/// Answers requests that came without TLS to a port with TLS: by the same URL with `https`.
struct HTTPSRedirect: HTTPHandler {
    func reply(to request: HTTPRequest) -> HTTPReply {
        let hosts = request.fields.all("Host")
        guard hosts.count == 1, Self.isHost(hosts[0]), request.rawTarget.hasPrefix("/") else {
            return .now(.text("this port answers https only\n", status: 400))
        }
        // 308, not 301: a POST stays one.
        return .now(
            .text(
                "this port answers https only\n", status: 308,
                fields: ["Location": "https://\(hosts[0])\(request.rawTarget)"]))
    }

    /// Whether a Host field is a name or an address, with or without a port.
    static func isHost(_ text: String) -> Bool {
        let hasPort = text.hasSuffix("]") ? false : text.contains(":")
        return (try? SocketAddress.parse(hasPort ? text : text + ":0")) != nil
    }
}
