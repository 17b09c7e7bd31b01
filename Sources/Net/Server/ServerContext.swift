import Flow

/// What all connections of a server share.
struct ServerContext: Sendable {
    let options: ServerOptions
    let handler: any HTTPHandler
    let connections: ConnectionCounter
    /// Those that are shaking hands.
    let handshakes: ConnectionCounter
    /// The tasks of handlers that take their time.
    let tasks: TaskPool
    let threads: [LoopThread]
    let counters: NetCounters
    let log: Log

    /// For connections without TLS where there should be TLS.
    var redirecting: ServerContext {
        var options = options
        options.limits.bodyBytes = min(options.limits.bodyBytes, 64 * 1024)
        return ServerContext(
            options: options, handler: HTTPSRedirect(), connections: connections, handshakes: handshakes,
            tasks: tasks, threads: threads, counters: counters, log: log)
    }
}

/// Where a connection comes from.
struct ConnectionOrigin: Sendable {
    let peer: SocketAddress
    let localPort: Int
    /// Which of the server's addresses it came in at, counted from 0.
    let entrance: Int
    /// Its place among all connections, for as long as it lives.
    let lease: ConnectionCounter.Lease
}
