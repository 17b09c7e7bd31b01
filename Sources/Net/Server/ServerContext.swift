import Flow

/// What all connections of a server share.
struct ServerContext: Sendable {
    let options: ServerOptions
    let handler: any HTTPHandler
    let connections: ConnectionCounter
    /// The tasks of handlers that take their time.
    let tasks: TaskPool
    let threads: [LoopThread]
    let log: Log
}

/// Where a connection comes from.
struct ConnectionOrigin: Sendable {
    let peer: SocketAddress
    let localPort: Int
    /// Its place among all connections, for as long as it lives.
    let lease: ConnectionCounter.Lease
}
