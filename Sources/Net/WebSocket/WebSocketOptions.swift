/// What a WebSocket connection goes by.
struct WebSocketOptions: Sendable {
    var role: WebSocketRole
    var kind = QueueKind.live
    /// The largest message that is taken, in bytes.
    var messageBytes = 8 << 20
    /// How many frames a message may come in.
    var fragmentCount = 131_072
    /// Unsent bytes above which the connection is closed with 1013; nil for the limit of its kind.
    var unsentBytes: Int?
    /// How long the other end may be silent before it is asked whether it is there.
    var pingInterval = Duration.seconds(20)
    var pongTimeout = Duration.seconds(20)
    /// How long the other end may take to answer a close frame.
    var closeTimeout = Duration.seconds(5)
    /// How long the other end may take nothing while something waits.
    var stallTimeout = Duration.seconds(30)

    /// What the kernel may hold on a live socket; it doubles this.
    ///
    /// Measured: it costs nothing at live rates, and bounds what a stalled listener holds to 68 KB instead of 4 MB.
    static let liveSendBuffer = 32 * 1024
}
