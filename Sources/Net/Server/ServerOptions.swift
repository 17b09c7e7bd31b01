/// How much a server takes from strangers.
package struct Limits: Sendable, Hashable {
    /// Start line and fields of a request, in bytes.
    package var headBytes = 16 * 1024
    /// Field lines of a request.
    package var fieldCount = 100
    /// Body of a request, in bytes.
    package var bodyBytes = 8 << 20
    /// The same where files are sent to.
    package var uploadBytes = 8 << 20
    /// The paths that files are sent to.
    package var uploadPaths: Set<String> = []
    /// One WebSocket message, in bytes.
    package var messageBytes = 8 << 20
    /// Frames that one message may come in; 8 MiB in pieces of 64 bytes, as conformance suites send them.
    package var fragmentCount = 131_072
    /// Unfinished bodies and messages of all connections together; above it those over 64 KiB are refused.
    package var inputBytes = 256 << 20
    /// What may wait unsent on a WebSocket of the kind `live`.
    package var unsentBytes = 1 << 20
    /// Connections in all.
    package var connections = 8192
    /// Connections of one address; loopback is exempt, since a proxy on this machine is one address for everybody.
    package var connectionsPerPeer = 256
    /// TLS handshakes under way at once; one costs about a millisecond of a core.
    package var handshakes = 256
    /// Those of one address, so that it cannot keep all others out; loopback is exempt.
    package var handshakesPerPeer = 64

    /// The default limits.
    package init() {}

    var parsing: ParseLimits {
        var limits = ParseLimits()
        limits.headBytes = headBytes
        limits.fieldCount = fieldCount
        limits.bodyBytes = bodyBytes
        limits.uploadBytes = uploadBytes
        limits.uploadPaths = uploadPaths
        return limits
    }
}

/// How a server serves.
package struct ServerOptions: Sendable {
    /// An address, and how it answers there.
    package struct Endpoint: Sendable {
        /// `localhost` means 127.0.0.1; port 0 lets the system choose.
        package var address: SocketAddress
        /// The certificate it shows; nil for connections without TLS.
        package var tls: ServerTLS?

        package init(address: SocketAddress, tls: ServerTLS? = nil) {
            self.address = address
            self.tls = tls
        }
    }

    /// Where it listens.
    package var addresses: [Endpoint]
    /// How much it takes.
    package var limits = Limits()
    /// Threads that serve connections.
    package var loopCount = 1
    /// How long a WebSocket may be silent before it is asked whether it is there.
    package var pingInterval = Duration.seconds(20)
    /// How long it may take to answer.
    package var pongTimeout = Duration.seconds(20)
    /// How long a TLS handshake may take, from the connection on.
    package var handshakeDeadline = Duration.seconds(10)
    /// How long a request's head may take from its first byte, or from the connection on.
    package var headDeadline = Duration.seconds(10)
    /// How long a request's body may take.
    package var bodyDeadline = Duration.seconds(60)
    /// How long a connection may wait for its next request.
    package var idleDeadline = Duration.seconds(60)
    /// How long a peer may take nothing while something waits for it.
    package var stallDeadline = Duration.seconds(30)
    /// How long requests may go on after the stop before they are cut off.
    package var stopDeadline = Duration.seconds(5)

    /// The default options for some addresses without TLS.
    package init(addresses: [SocketAddress]) {
        self.init(endpoints: addresses.map { Endpoint(address: $0) })
    }

    /// The default options for some addresses.
    package init(endpoints: [Endpoint]) { addresses = endpoints }

    func webSocket(_ kind: QueueKind) -> WebSocketOptions {
        var options = WebSocketOptions(role: .server)
        options.kind = kind
        options.messageBytes = limits.messageBytes
        options.fragmentCount = limits.fragmentCount
        options.unsentBytes = kind == .live ? limits.unsentBytes : max(limits.unsentBytes, kind.byteLimit)
        options.pingInterval = pingInterval
        options.pongTimeout = pongTimeout
        options.stallTimeout = stallDeadline
        return options
    }
}
