import Net

/// How a server is reached, by whom.
struct ServerURLs: Hashable, Sendable {
    /// One for each address it listens on, with a host that others can use.
    let all: [String]
    /// For the command line on the same machine.
    let local: String
    /// For the player link.
    let player: String

    /// A place where the server listens, with the port it got.
    struct Endpoint: Hashable, Sendable {
        var address: SocketAddress
        var isSecure: Bool
    }

    /// - Parameters:
    ///   - machine: A name or an address by which others reach this machine; nil if it has none.
    ///   - publicURL: Given by the user; it goes before all.
    init(_ endpoints: [Endpoint], machine: String?, publicURL: String?) {
        func url(_ endpoint: Endpoint, host: String) -> String {
            let address = SocketAddress(host: host, port: endpoint.address.port)
            return "\(endpoint.isSecure ? "https" : "http")://\(address)"
        }
        func loopback(_ address: SocketAddress) -> String { address.host == "::" ? "::1" : "127.0.0.1" }
        all = endpoints.map { endpoint in
            let host = endpoint.address.host
            return url(endpoint, host: endpoint.address.isWildcard ? machine ?? loopback(endpoint.address) : host)
        }
        let near = endpoints.first { $0.address.isLoopback } ?? endpoints.first { $0.address.isWildcard }
        if let near = near ?? endpoints.first {
            local = url(near, host: near.address.isWildcard ? loopback(near.address) : near.address.host)
        } else {
            local = ""
        }
        let shared = zip(endpoints, all).first { $0.0.isSecure && !$0.0.address.isLoopback }?.1
        player = publicURL ?? shared ?? all.first ?? local
    }
}
